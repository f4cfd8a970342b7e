"""The shape of BentoML's own examples: a transformers pipeline behind a batchable endpoint, all defaults."""

import os

import bentoml
from transformers import pipeline


@bentoml.service(workers=1, traffic={"timeout": 120})
class Classifier:
    """Answers label probabilities."""

    def __init__(self) -> None:
        self._pipeline = pipeline(
            "text-classification", model=os.environ["MODEL_FOLDER"], top_k=None, function_to_apply="sigmoid"
        )

    @bentoml.api(batchable=True)  # type: ignore[untyped-decorator]
    def classify(self, texts: list[str]) -> list[list[dict[str, object]]]:
        """Return the probability of every label, text by text."""
        return self._pipeline(texts, truncation=True)  # type: ignore[no-any-return]
