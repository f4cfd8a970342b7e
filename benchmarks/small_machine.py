"""What an old laptop would do: float32, one thread, oneDNN capped at AVX2, alone in its process.

`python -m benchmarks.small_machine [--texts N]` prints one line of JSON; `make bench` runs it. Released
builds of OpenVINO let only oneDNN be capped: their matrix products (MLAS) and norms go on with the widest
vectors there are, at most twice as wide as AVX2's. Half of the rate is thus a lower bound.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from unittest.mock import patch

CAP = {"ONEDNN_MAX_CPU_ISA": "AVX2", **dict.fromkeys(("OMP_NUM_THREADS", "RAYON_NUM_THREADS"), "1")}
UNCAPPED = "OpenVINO's matrix products and norms cannot be capped: vectors up to twice as wide as AVX2's"


@dataclass(frozen=True, slots=True)
class SmallMachine:
    """Whole records a second, and the highest memory of the process."""

    documents_per_second: float
    peak_mib: float


def measured_apart(n_texts: int, seconds: float) -> SmallMachine:
    """Return what a process capped at AVX2 and one thread does."""
    command = [sys.executable, "-m", "benchmarks.small_machine"]
    arguments = ["--texts", str(n_texts), "--seconds", str(seconds)]
    printed = subprocess.run(  # noqa: S603 (our own module)
        [*command, *arguments], env={**os.environ, **CAP}, check=True, stdout=subprocess.PIPE
    )
    return SmallMachine(**json.loads(printed.stdout))


def main() -> None:
    """Measure here and print the result; the caller has set `CAP`."""
    import models.openvino_network
    from benchmarks.screening import records_per_second

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    # OpenVINO says bf16 of the processor itself, whatever oneDNN may use of it.
    with patch.object(models.openvino_network, "best_precision", lambda: "f32"):
        rate = records_per_second(options.texts, options.seconds, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"documents_per_second": rate, "peak_mib": peak}) + "\n")


if __name__ == "__main__":
    main()
