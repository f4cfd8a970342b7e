"""The time, as the store keeps it, and where its days begin."""

import time
from datetime import timedelta, timezone
from typing import Final

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
ZONE_MS: Final = 7 * HOUR_MS
"""What the clocks of Thailand, Laos, Cambodia and Viet Nam are ahead of UTC: days begin there."""
ZONE: Final = timezone(timedelta(milliseconds=ZONE_MS), "ICT")


def now_ms() -> int:
    """Return the time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
