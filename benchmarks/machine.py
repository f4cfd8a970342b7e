"""The machine and the libraries of a run, and the best matrix product it reaches."""

import importlib.metadata
import os
import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import torch

FEATURES = (
    "avx2",
    "avx_vnni",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_tile",
    "amx_bf16",
    "amx_int8",
    "asimd",
    "bf16",
)
LIBRARIES = (
    "openvino",
    "onnxruntime",
    "torch",
    "transformers",
    "tokenizers",
    "numpy",
    "bentoml",
    "litserve",
    "fastapi",
    "uvicorn",
)
PRODUCT = (8192, 384, 1536)
PRODUCT_RUNS = 200
PRECISIONS: Mapping[str, torch.dtype] = {"bf16": torch.bfloat16, "f32": torch.float32}


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def describe() -> dict[str, Any]:
    """Return processor, instruction sets, memory and library versions."""
    info = _cpuinfo()
    flags = set(info.get("flags", info.get("Features", "")).split())
    return {
        "processor": " ".join(
            part
            for part in (
                info.get("model name") or platform.processor() or platform.machine(),
                f"family {info['cpu family']} model {info['model']}" if "cpu family" in info else "",
            )
            if part
        ),
        "processors": processors(),
        "instructions": [name for name in FEATURES if name in flags],
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


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


def _cpuinfo() -> dict[str, str]:
    """Return the lines of the first processor in Linux' list, none elsewhere."""
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        return {}
    return {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())
    }


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
