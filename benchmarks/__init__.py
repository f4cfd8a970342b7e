"""How fast ScamScreen is, beside what a user would run instead: `python -m benchmarks short|long`."""

import models.openvino_network  # noqa: F401 (before OpenVINO itself is imported, which would tell of it)
