"""How many documents a second the shipped path screens in this process: `python -m training.bench`."""

import argparse
import resource
import statistics
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import openvino

from models.artifact import DEFAULT_ARTIFACT
from models.openvino_network import best_precision
from models.screener import load_screener
from models.screening import Document
from training.sources import authored

CHUNK = 1024
_LONGEST_WORDS = 80


def main() -> int:
    """Screen written texts several times over and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    options = parser.parse_args()
    documents = bench_documents(options.texts)
    started = time.perf_counter()
    screener = load_screener(options.artifact)
    loaded = time.perf_counter() - started
    screener.screen(documents[:CHUNK])
    rates = []
    for _ in range(options.runs):
        started = time.perf_counter()
        for start in range(0, len(documents), CHUNK):
            screener.screen(documents[start : start + CHUNK])
        rates.append(len(documents) / (time.perf_counter() - started))
    words = statistics.mean(len(document.text.split()) for document in documents)
    characters = statistics.mean(len(document.text) for document in documents)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"OpenVINO {openvino.__version__}, precision {best_precision()}\n"
        f"{len(documents):,} texts, mean {words:.1f} blank-separated words, {characters:.0f} characters\n"
        f"load {loaded:.1f} s; documents/s median {statistics.median(rates):.0f} "
        f"(min {min(rates):.0f}, max {max(rates):.0f} of {len(rates)} runs); peak memory {peak_mib:.0f} MiB\n"
    )
    return 0


def bench_documents(count: int) -> list[Document]:
    """Return `count` written texts of all languages, those over 80 words left out, each as often."""
    texts = [example.text for example in authored.read(Path()) if len(example.text.split()) <= _LONGEST_WORDS]
    return [Document(id=str(index), text=text) for index, text in enumerate(islice(cycle(texts), count))]


if __name__ == "__main__":
    sys.exit(main())
