"""A plain FastAPI service on ONNX Runtime fp32: `python -m benchmarks.competitors.plain_onnx FOLDER PORT`.

A request's texts are tokenised and run as one padded batch, in a thread beside the event loop.
"""

import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from tokenizers import Tokenizer

from models.taxonomy import LABELS


class Texts(BaseModel):
    """Texts to classify."""

    texts: list[str]


def create_app(folder: Path, *, threads: int) -> FastAPI:
    """Return the service of a Hugging Face folder with `model.onnx`."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("<pad>"), pad_token="<pad>")  # noqa: S106
    tokenizer.enable_truncation(int(os.environ["MAX_TOKENS"]))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    app = FastAPI()

    @app.get("/health")
    def health() -> str:
        return "ready"

    @app.post("/classify")
    def classify(request: Texts) -> list[dict[str, float]]:
        encodings = tokenizer.encode_batch(request.texts)
        (logits,) = session.run(
            None,
            {
                "input_ids": np.array([one.ids for one in encodings], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in encodings], dtype=np.int64),
            },
        )
        return [dict(zip(LABELS, row, strict=True)) for row in (1 / (1 + np.exp(-logits))).tolist()]

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(Path(sys.argv[1]), threads=int(os.environ["OMP_NUM_THREADS"])),
        port=int(sys.argv[2]),
        log_level="warning",
    )
