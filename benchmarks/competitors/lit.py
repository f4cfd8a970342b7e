"""LitServe with its own batching around a transformers pipeline: `... competitors.lit FOLDER PORT`."""

import sys
from collections.abc import Sequence
from typing import Any

import litserve
from transformers import pipeline

MAX_REQUESTS, TIMEOUT_SECONDS, BATCH = 32, 0.01, 32


class Classifier(litserve.LitAPI):  # type: ignore[misc]
    """Answers label probabilities; the texts of up to `MAX_REQUESTS` requests are run together."""

    def setup(self, _device: str) -> None:
        """Load the pipeline."""
        self._pipeline = pipeline(
            "text-classification",
            model=sys.argv[1],
            batch_size=BATCH,
            top_k=None,
            function_to_apply="sigmoid",
        )

    def decode_request(self, request: dict[str, Any]) -> list[str]:
        """Return the texts of one request."""
        return list(request["texts"])

    def batch(self, inputs: Sequence[list[str]]) -> Sequence[list[str]]:
        """Leave requests apart: how many texts each had is needed again."""
        return inputs

    def predict(self, requests: Sequence[list[str]]) -> list[list[list[dict[str, Any]]]]:
        """Return the answers request by request."""
        flat = [text for texts in requests for text in texts]
        answers = iter(self._pipeline(flat, truncation=True))
        return [[next(answers) for _ in texts] for texts in requests]

    def unbatch(self, output: list[list[list[dict[str, Any]]]]) -> list[list[list[dict[str, Any]]]]:
        """Return one output per request: they are apart already."""
        return output

    def encode_response(self, output: list[list[dict[str, Any]]]) -> dict[str, Any]:
        """Return the answer of one request."""
        return {"results": output}


if __name__ == "__main__":
    api = Classifier(max_batch_size=MAX_REQUESTS, batch_timeout=TIMEOUT_SECONDS, api_path="/classify")
    litserve.LitServer(api, accelerator="cpu", devices=1, workers_per_device=1, timeout=120).run(
        host="127.0.0.1",
        port=int(sys.argv[2]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
