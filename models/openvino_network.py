"""The network on the processor: OpenVINO, in bfloat16 where the processor multiplies it.

One stream of one thread a core, as OpenVINO chooses for throughput: calls that come at once then compute side
by side. `benchmarks/precisions.py` measures it against one stream of all threads, and int8 beside bfloat16.
"""

import sys
from collections.abc import Mapping

from models.artifact import Artifact, read_weights
from models.encoded import OUTPUT_OF_HEAD, FloatArray, IntArray
from models.errors import ArtifactCorruptError

# With this package, importing OpenVINO tells Google Analytics of it, under an id kept in the home folder.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino as ov  # noqa: E402

_BF16_BLOCK = 16
"""Attention sums a row's last tokens in another order where they do not fill a block of 16. In bfloat16 that
moved probabilities of one text in seventy by more than 0.005 with the length of its batch; in whole blocks
they are the same to the bit in every batch."""


class OpenVinoNetwork:
    """See `models.network.Network`."""

    def __init__(self, artifact: Artifact, *, threads: int = 0, precision: str | None = None) -> None:
        """Compile the network.

        Args:
            artifact: a verified artefact.
            threads: processor threads to use, each a stream of its own; 0 lets OpenVINO choose.
            precision: `bf16` or `f32`; None takes the faster.
        """
        self.precision = precision = precision or best_precision()
        options: dict[str, object] = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "INFERENCE_PRECISION_HINT": precision,
            "ENABLE_CPU_PINNING": False,  # it would pin the threads of every process to the same cores
        }
        if threads:
            options |= {"NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads}
        compiled = ov.Core().compile_model(bound_model(artifact), "CPU", options)
        streams = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self.requests = tuple(_Request(compiled) for _ in range(streams))
        self.token_multiple = _BF16_BLOCK if precision == "bf16" else 1
        self.description = f"OpenVINO {ov.__version__}, precision {precision}, {streams} streams"


class _Request:
    """See `models.network.Request`."""

    def __init__(self, compiled: ov.CompiledModel) -> None:
        known = set(OUTPUT_OF_HEAD.values())
        self._names = [next(iter(output.get_names() & known)) for output in compiled.outputs]
        self._request = compiled.create_infer_request()

    def start(self, ids: IntArray, mask: IntArray) -> None:
        """Begin to compute a batch."""
        self._request.start_async({"input_ids": ids, "attention_mask": mask})

    def outputs(self) -> Mapping[str, FloatArray]:
        """Wait, and return the outputs; valid until the next `start`."""
        self._request.wait()
        return {name: self._request.get_output_tensor(i).data for i, name in enumerate(self._names)}


def best_precision() -> str:
    """Return the precision this processor multiplies fastest in: `bf16` where it has it, else `f32`."""
    capabilities = ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in capabilities else "f32"


def bound_model(artifact: Artifact) -> ov.Model:
    """Return the graph with the weights in the place of its weight inputs, and the trained heads alone.

    Raises:
        ArtifactCorruptError: the graph cannot be read, or names other weights.
    """
    try:
        model = ov.Core().read_model(str(artifact.folder / "graph.onnx"))
    except RuntimeError as error:
        raise ArtifactCorruptError("graph.onnx is not a readable graph: fetch the artefact again") from error
    weights = read_weights(artifact.folder)
    for parameter in list(model.get_parameters()):
        names = parameter.output(0).get_names() & weights.keys()
        if names:
            constant = ov.opset13.constant(weights.pop(names.pop()), shared_memory=True)
            for target in parameter.output(0).get_target_inputs():
                target.replace_source_output(constant.output(0))
            model.remove_parameter(parameter)
    left = {name for parameter in model.get_parameters() for name in parameter.output(0).get_names()}
    if left != {"input_ids", "attention_mask"}:
        raise ArtifactCorruptError("graph.onnx names weights that weights.safetensors lacks")
    wanted = {OUTPUT_OF_HEAD[head] for head in artifact.config.trained_heads}
    for result in list(model.get_results()):
        if not result.input(0).get_source_output().get_names() & wanted:
            model.remove_result(result)
    model.validate_nodes_and_infer_types()
    return model
