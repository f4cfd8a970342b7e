"""Does the shipped path (int8 weights, OpenVINO) answer as the trained network in float32 did?"""

import numpy as np
import numpy.typing as npt
import torch

from models.artifact import Artifact
from models.calibration import label_proba
from models.encoder import Encoder, pad
from models.text import normalize
from training.network import Network

FloatArray = npt.NDArray[np.float32]
_BATCH = 16


def largest_difference(network: Network, artifact: Artifact, texts: list[str]) -> float:
    """Return the largest difference of any label's probability over texts; each is read as one window."""
    encoder = Encoder(artifact)
    encoded = encoder.encode([normalize(text).text for text in texts])
    shipped = label_proba(np.stack([one.outputs[0].label_logits for one in encoded]), artifact.calibration)
    trained = label_proba(
        torch_logits(network, [one.windows[0].ids for one in encoded], encoder.config.pad_id),
        artifact.calibration,
    )
    return float(np.abs(shipped - trained).max())


@torch.no_grad()
def torch_logits(network: Network, ids: list[npt.NDArray[np.int64]], pad_id: int) -> FloatArray:
    """Return (n, n_labels) label logits of token windows, computed by torch in float32."""
    network.eval()
    logits: list[FloatArray] = []
    for start in range(0, len(ids), _BATCH):
        batch, mask = pad(ids[start : start + _BATCH], pad_id)
        logits.append(network(torch.from_numpy(batch), torch.from_numpy(mask)).label_logits.float().numpy())
    return np.concatenate(logits)
