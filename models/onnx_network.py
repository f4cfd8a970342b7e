"""The network on a graphics processor: ONNX Runtime, in float32, with the weights kept on the device."""

from collections.abc import Mapping

import numpy as np
import onnxruntime as ort

from models.artifact import Artifact, read_weights
from models.encoded import OUTPUT_OF_HEAD, FloatArray, IntArray
from models.errors import ArtifactCorruptError, DeviceError

_DEVICES = {
    "CUDAExecutionProvider": "cuda",
    "MIGraphXExecutionProvider": "cuda",
    "DmlExecutionProvider": "dml",
    "CPUExecutionProvider": "cpu",
}


class OnnxNetwork:
    """See `models.network.Network`; a device computes one batch after the other."""

    def __init__(self, artifact: Artifact, provider: str) -> None:
        """Put the weights on a device.

        Args:
            artifact: a verified artefact.
            provider: ONNX Runtime's name of the execution provider, as `CUDAExecutionProvider`.

        Raises:
            ArtifactCorruptError: the graph names other weights.
            DeviceError: the provider has no device it can use.
        """
        try:
            session = ort.InferenceSession(str(artifact.folder / "graph.onnx"), providers=[provider])
        except Exception as error:  # the library has a dozen exceptions and no tree
            raise DeviceError(f"{provider} does not start") from error
        if provider not in session.get_providers():  # it falls back to the processor by itself
            raise DeviceError(f"{provider} finds no device")
        session.disable_fallback()
        device = _DEVICES[provider]
        weights = read_weights(artifact.folder)
        inputs = {one.name for one in session.get_inputs()} - {"input_ids", "attention_mask"}
        if not inputs <= weights.keys():
            raise ArtifactCorruptError("graph.onnx names weights that weights.safetensors lacks")
        bound = {name: ort.OrtValue.ortvalue_from_numpy(weights[name], device, 0) for name in inputs}
        wanted = [OUTPUT_OF_HEAD[head] for head in artifact.config.trained_heads]
        self.requests = (_Request(session, bound, wanted),)
        self.token_multiple = 1
        self.precision = "f32"
        self.description = f"ONNX Runtime {ort.__version__}, {provider}, precision f32"


class _Request:
    """See `models.network.Request`."""

    def __init__(
        self, session: ort.InferenceSession, weights: Mapping[str, ort.OrtValue], wanted: list[str]
    ) -> None:
        self._session = session
        self._weights = weights
        self._wanted = wanted
        self._outputs: Mapping[str, FloatArray] = {}

    def start(self, ids: IntArray, mask: IntArray) -> None:
        """Compute a batch."""
        binding = self._session.io_binding()
        for name, value in self._weights.items():
            binding.bind_ortvalue_input(name, value)
        binding.bind_cpu_input("input_ids", np.ascontiguousarray(ids))
        binding.bind_cpu_input("attention_mask", np.ascontiguousarray(mask))
        for name in self._wanted:
            binding.bind_output(name, "cpu")
        self._session.run_with_iobinding(binding)
        self._outputs = dict(zip(self._wanted, binding.copy_outputs_to_cpu(), strict=True))

    def outputs(self) -> Mapping[str, FloatArray]:
        """Return the outputs of the batch."""
        return self._outputs
