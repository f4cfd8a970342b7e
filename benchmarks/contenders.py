"""Who is measured: the service, its adaptive-batching alternative, and what a user would run instead."""

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.servers import ROOT, Server
from benchmarks.texts import MixText
from models.taxonomy import LABELS

SCAMSCREEN, ADAPTIVE = "ScamScreen", "ScamScreen, adaptive"
PLAIN_ONNX, STOCK_BENTOML, LITSERVE, INFINITY = (
    "FastAPI + ONNX Runtime",
    "BentoML example",
    "LitServe",
    "Infinity",
)
NO_CACHE = {"SCAMSCREEN_CACHE_MB": "0"}
"""Comparisons are run without the cache: the texts of a load come round again."""
INFINITY_PYTHON = ROOT / ".venv-infinity" / "bin" / "python"


def scamscreen(environment: Mapping[str, str] = NO_CACHE) -> Server:
    """Return the service as `make serve` starts it."""
    return Server(
        name=SCAMSCREEN,
        command=(sys.executable, "-m", "serving.cli", "serve", "--open", "--port", "{port}"),
        path="/v1/screen",
        ready_path="/readyz",
        body=_documents,
        texts_answered=_records,
        answers_records=True,
        environment=environment,
    )


def adaptive() -> Server:
    """Return our records behind BentoML's adaptive batching."""
    return Server(
        name=ADAPTIVE,
        command=_bentoml("benchmarks.competitors.adaptive:Adaptive"),
        path="/v1/screen",
        ready_path="/readyz",
        body=_documents,
        texts_answered=_records,
        answers_records=True,
        environment=NO_CACHE,
    )


def competitors(
    folder: Path, *, max_tokens: int, infinity_python: Path = INFINITY_PYTHON
) -> tuple[Server, ...]:
    """Return the servers of others on a Hugging Face folder that holds `model.onnx` as well.

    Args:
        folder: what `training.hugging_face` and `benchmarks.onnx_export` write.
        max_tokens: longest text the network reads; longer ones are cut.
        infinity_python: of the virtual environment in which Infinity is installed.
    """
    module = (sys.executable, "-m")
    return (
        Server(
            name=INFINITY,
            command=(
                str(infinity_python),
                str(ROOT / "benchmarks/competitors/infinity_server.py"),
                str(folder),
                "{port}",
            ),
            path="/classify",
            ready_path="/health",
            body=lambda texts: {"model": "scamscreen", "input": [one.text for one in texts]},
            texts_answered=lambda answer: _whole(_get(answer, "data")),
            absent="" if infinity_python.is_file() else "not installed: make infinity",
            environment={"DO_NOT_TRACK": "1"},
        ),
        Server(
            name=LITSERVE,
            command=(*module, "benchmarks.competitors.lit", str(folder), "{port}"),
            path="/classify",
            ready_path="/health",
            body=_texts,
            texts_answered=lambda answer: _whole(_get(answer, "results")),
            absent=_lacking("litserve", "transformers"),
        ),
        Server(
            name=STOCK_BENTOML,
            command=_bentoml("benchmarks.competitors.stock_bentoml:Classifier"),
            path="/classify",
            ready_path="/readyz",
            body=_texts,
            texts_answered=_whole,
            absent=_lacking("transformers"),
            environment={"MODEL_FOLDER": str(folder)},
        ),
        Server(
            name=PLAIN_ONNX,
            command=(*module, "benchmarks.competitors.plain_onnx", str(folder), "{port}"),
            path="/classify",
            ready_path="/health",
            body=_texts,
            texts_answered=lambda answer: sum(one.keys() == set(LABELS) for one in _listed(answer)),
            absent=_lacking("onnxruntime"),
            environment={"MAX_TOKENS": str(max_tokens)},
        ),
    )


def _bentoml(service: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "bentoml", "serve", service, "--host", "127.0.0.1", "--port", "{port}")


def _lacking(*modules: str) -> str:
    absent = [name for name in modules if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(absent)} (extra bench)" if absent else ""


def _documents(texts: Sequence[MixText]) -> object:
    return {"documents": [{"id": one.id, "text": one.text} for one in texts]}


def _texts(texts: Sequence[MixText]) -> object:
    return {"texts": [one.text for one in texts]}


def _get(answer: object, key: str) -> object:
    return answer.get(key) if isinstance(answer, dict) else None


def _listed(answer: object) -> list[Any]:
    return answer if isinstance(answer, list) else []


def _records(answer: object) -> int:
    return len(_listed(_get(answer, "results")))


def _whole(answers: object) -> int:
    """Return how many texts have a score for every label, as transformers' pipeline gives them."""
    return sum({score["label"] for score in one} == set(LABELS) for one in _listed(answers))
