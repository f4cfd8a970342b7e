"""The best matrix product this machine reaches: what the encoder is measured against."""

import time
from collections.abc import Mapping

import torch

PRODUCT = (8192, 384, 1536)
PRODUCT_RUNS = 200
PRECISIONS: Mapping[str, torch.dtype] = {"bf16": torch.bfloat16, "f32": torch.float32}


def product_flops(precision: str, threads: int, *, runs: int = PRODUCT_RUNS) -> float:
    """Return floating-point operations a second of the best of some runs of one 8192 x 384 x 1536 product."""
    rows, inner, columns = PRODUCT
    torch.set_num_threads(threads)
    left = torch.randn(rows, inner).to(PRECISIONS[precision])
    right = torch.randn(inner, columns).to(PRECISIONS[precision])
    out = torch.empty(rows, columns, dtype=PRECISIONS[precision])
    best = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        torch.mm(left, right, out=out)
        best = min(best, time.perf_counter() - started)
    return 2 * rows * inner * columns / best
