"""Which precision, how many streams: tokens a second, and what each does to probabilities.

`python -m benchmarks.precisions` compiles the shipped network in float32, bfloat16 and int8 (by NNCF, if it
is installed, calibrated on written texts), with one stream of all processors and with one a processor.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import openvino as ov

from benchmarks.machine import processors
from models.artifact import DEFAULT_ARTIFACT, Artifact, load_artifact
from models.calibration import label_proba
from models.encoded import FloatArray, IntArray
from models.encoder import Encoder, pad
from models.openvino_network import best_precision, bound_model
from models.text import normalize
from training.sources import authored

ROWS, TOKENS, BATCHES, RUNS = 32, 64, 8, 5
TEXTS: Final = 300
_LABELS: Final = "label_logits"


def main() -> int:
    """Print a line for every precision and stream count, and write them all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    parser.add_argument("--output", type=Path, default=Path("runs/bench/precisions.json"))
    options = parser.parse_args()
    artifact = load_artifact(options.artifact)
    rows = []
    for row in measure(artifact):
        rows.append(row)
        sys.stdout.write(line(row) + "\n")
        sys.stdout.flush()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


def line(row: Mapping[str, Any]) -> str:
    """Return a measurement as one line."""
    streams = f"{row['precision']:>5} {row['streams']} x {row['threads']} threads"
    speed = f"{streams} {row['tokens_per_s']:8,.0f} tokens/s"
    moved = f"probabilities moved by {row['mean']:.4f} in the mean, {row['most']:.3f} at most"
    return f"{speed}; {moved}; flags of {row['flags_changed']:.1%} of texts change"


def measure(artifact: Artifact) -> Iterator[dict[str, Any]]:
    """Yield speed and difference from float32 of every precision, with its best streams first to last."""
    available = processors()
    windows = _windows(artifact)
    calibrating, asked = windows[:TEXTS], windows[TEXTS:]
    models = {"f32": bound_model(artifact)}
    if best_precision() == "bf16":
        models["bf16"] = models["f32"]
    if find_spec("nncf"):
        models["int8"] = _quantised(models["f32"], calibrating)
    expected: FloatArray | None = None
    for precision, model in models.items():
        for streams in sorted({1, available}):
            compiled = _compiled(model, precision, streams, available)
            proba = label_proba(_label_logits(compiled, asked), artifact.calibration)
            expected = proba if expected is None else expected
            moved = np.abs(proba - expected).max(1)
            thresholds = np.array([*artifact.calibration.thresholds["balanced"].values()])
            yield {
                "precision": precision,
                "streams": streams,
                "threads": available // streams,
                "tokens_per_s": _tokens_per_s(compiled, streams),
                "mean": float(moved.mean()),
                "most": float(moved.max()),
                "flags_changed": float(((proba >= thresholds) != (expected >= thresholds)).any(1).mean()),
            }


def _windows(artifact: Artifact) -> list[IntArray]:
    """Return the ids of the first window of written texts, the first half to calibrate on."""
    texts = [example.text for example in authored.read(Path())]
    chosen = np.random.default_rng(0).choice(len(texts), 2 * TEXTS, replace=False)
    read = Encoder(artifact).read([normalize(texts[index]).text for index in chosen])
    return [windows[0].ids for windows in read]


def _quantised(model: ov.Model, windows: Sequence[IntArray]) -> ov.Model:
    import nncf

    inputs = [{"input_ids": ids[None], "attention_mask": np.ones_like(ids)[None]} for ids in windows]
    return nncf.quantize(
        model, nncf.Dataset(inputs), model_type=nncf.ModelType.TRANSFORMER, subset_size=len(inputs)
    )


def _compiled(model: ov.Model, precision: str, streams: int, threads: int) -> ov.CompiledModel:
    options = {
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": best_precision() if precision == "int8" else precision,
    }
    return ov.Core().compile_model(model, "CPU", options)


def _label_logits(compiled: ov.CompiledModel, windows: Sequence[IntArray]) -> FloatArray:
    logits = []
    for ids in windows:
        batch, mask = pad([ids], 1, multiple=16)
        logits.append(compiled({"input_ids": batch, "attention_mask": mask})[_LABELS].copy())
    return np.concatenate(logits)


def _tokens_per_s(compiled: ov.CompiledModel, streams: int) -> float:
    """Return the median over runs."""
    ids = np.random.default_rng(0).integers(4, 50_000, (ROWS, TOKENS), dtype=np.int64)
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    queue = ov.AsyncInferQueue(compiled, streams)
    rates = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        for _ in range(BATCHES):
            queue.start_async(feed)
        queue.wait_all()
        rates.append(BATCHES * ids.size / (time.perf_counter() - started))
    return statistics.median(rates[1:])


if __name__ == "__main__":
    sys.exit(main())
