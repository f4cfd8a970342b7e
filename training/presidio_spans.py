"""What Microsoft Presidio finds in texts, and how long it takes. Runs in a virtual environment of its own.

    python presidio_spans.py MODEL < texts.jsonl > spans.jsonl

Reads {"id", "text"} a line, writes {"id", "spans": [[type, start, end], ...]} a line and, last, {"seconds",
"texts", "presidio", "model"}: the wall time of the analysis alone, after a warm-up.
"""

import json
import sys
import time
from importlib.metadata import version

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

REGIONS = (
    "TH",
    "LA",
    "KH",
    "MM",
    "VN",
    "CN",
    "MY",
    "ID",
    "PH",
    "KR",
    "IN",
    "JP",
    "TW",
    "HK",
    "SG",
    "US",
    "GB",
)
WARM_UP_TEXTS = 20


def main() -> None:
    """Analyse the texts on the standard input."""
    model = sys.argv[1]
    provider = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    )
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_regions=REGIONS))
    engine = AnalyzerEngine(registry=registry, nlp_engine=provider.create_engine())
    texts = [json.loads(line) for line in sys.stdin]
    for one in texts[:WARM_UP_TEXTS]:
        engine.analyze(one["text"], language="en")
    started = time.perf_counter()
    found = [engine.analyze(one["text"], language="en") for one in texts]
    seconds = time.perf_counter() - started
    for one, results in zip(texts, found, strict=True):
        spans = [[result.entity_type, result.start, result.end] for result in results]
        sys.stdout.write(json.dumps({"id": one["id"], "spans": spans}) + "\n")
    end = {
        "seconds": seconds,
        "texts": len(texts),
        "presidio": version("presidio-analyzer"),
        "model": f"{model} {provider_version(engine)}",
    }
    sys.stdout.write(json.dumps(end) + "\n")


def provider_version(engine: AnalyzerEngine) -> str:
    """Return the version of the spaCy model."""
    return str(engine.nlp_engine.nlp["en"].meta["version"])


if __name__ == "__main__":
    main()
