"""Does the work of reading a text grow with its length, or with the square of it?"""

from collections.abc import Callable
from time import process_time

_ATTEMPTS = 5
_MEASURABLE_SECONDS = 0.05


def reads_in_linear_time(read: Callable[..., object], text: str, *rest: object) -> bool:
    """Return whether reading a whole text takes less than eight times its first quarter.

    Linear work takes four times as long, quadratic sixteen. What takes no time worth measuring is linear;
    a machine that is busy with something else gets another attempt.

    Args:
        read: takes the text, then `rest`; what it returns is thrown away.
    """
    quarter = text[: len(text) // 4]
    return any(
        _seconds(read, text, *rest) < max(_MEASURABLE_SECONDS, 8 * _seconds(read, quarter, *rest))
        for _ in range(_ATTEMPTS)
    )


def _seconds(read: Callable[..., object], text: str, *rest: object) -> float:
    began = process_time()
    read(text, *rest)
    return process_time() - began
