"""Ids and mask -> the outputs of the network, on what this machine computes them fastest with."""

import logging
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Final, Protocol

from models.artifact import Artifact
from models.encoded import FloatArray, IntArray
from models.errors import DeviceError
from models.openvino_network import OpenVinoNetwork

logger = logging.getLogger(__name__)
_GPU_PROVIDERS: Final = ("CUDAExecutionProvider", "MIGraphXExecutionProvider", "DmlExecutionProvider")


class Request(Protocol):
    """A place to compute one batch in; used by one thread at a time."""

    def start(self, ids: IntArray, mask: IntArray) -> None:
        """Begin to compute a batch, ids and mask both (n_rows, n_tokens) int64."""

    def outputs(self) -> Mapping[str, FloatArray]:
        """Wait, and return the outputs by name (`label_logits` ...); valid until the next `start`."""


class Network(Protocol):
    """The compiled network of an artefact."""

    @property
    def requests(self) -> Sequence[Request]:
        """As many as there are batches worth computing at once."""

    @property
    def token_multiple(self) -> int:
        """The lengths of batches are multiples of this, so that no answer depends on the batch it came in."""

    @property
    def precision(self) -> str:
        """What it multiplies in: `bf16` or `f32`."""

    @property
    def description(self) -> str:
        """What computes, and in which precision, for the log."""


def load_network(artifact: Artifact, *, threads: int = 0) -> Network:
    """Return the network: on a graphics processor if ONNX Runtime finds one, else on OpenVINO.

    Args:
        artifact: a verified artefact.
        threads: processor threads to use; 0 lets OpenVINO choose.
    """
    if provider := gpu_provider():
        from models.onnx_network import OnnxNetwork

        try:
            return OnnxNetwork(artifact, provider)
        except DeviceError as error:
            logger.warning("%s: the processor computes instead", error)
    return OpenVinoNetwork(artifact, threads=threads)


def gpu_provider() -> str | None:
    """Return which graphics processors ONNX Runtime is built for, by its name, or None (the extra `gpu`)."""
    if find_spec("onnxruntime") is None:
        return None
    import onnxruntime

    available = onnxruntime.get_available_providers()
    return next((name for name in _GPU_PROVIDERS if name in available), None)
