"""A live model that screens as a test wants it."""

from serving.screening.live_model import LiveModel
from tests.fakes import FakeScreener


def live_model(screen=None, seems_urgent=None) -> LiveModel:
    """Return the fake one, with functions in place of its own."""
    screener = FakeScreener()
    if screen:
        screener.screen = screen
    if seems_urgent:
        screener.seems_urgent = seems_urgent
    return LiveModel(screener)
