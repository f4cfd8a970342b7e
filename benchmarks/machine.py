"""The machine and the libraries of a run."""

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

import psutil

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
