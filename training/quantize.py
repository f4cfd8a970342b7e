"""int8 per output channel, chosen so that artefact -> network -> artefact gives back the same bytes."""

import numpy as np
import numpy.typing as npt

Int8Array = npt.NDArray[np.int8]
FloatArray = npt.NDArray[np.float32]

_LEVELS = 127
_MANTISSA_BITS = 11  # scale x 127 is then exact in float32, so quantising again finds the same scale


def quantize_rows(matrix: FloatArray) -> tuple[Int8Array, FloatArray]:
    """Return (int8 matrix, scale per row) with matrix ~ int8 * scale.

    Args:
        matrix: (rows, columns) float32; a row is an output channel or a word vector.

    Returns:
        (rows, columns) int8 in [-127, 127] and (rows,) float32, each > 0.
    """
    peak = np.abs(matrix).max(axis=1)
    scale = _round_up(np.where(peak > 0, peak / _LEVELS, 1.0).astype(np.float32))
    return np.clip(np.rint(matrix / scale[:, None]), -_LEVELS, _LEVELS).astype(np.int8), scale


def _round_up(values: FloatArray) -> FloatArray:
    mantissa, exponent = np.frexp(values)
    steps = np.ceil(mantissa.astype(np.float64) * 2**_MANTISSA_BITS)
    return np.asarray(np.ldexp(steps / 2**_MANTISSA_BITS, exponent), dtype=np.float32)
