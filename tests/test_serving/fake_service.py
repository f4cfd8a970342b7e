"""The service with a fake model, for `bentoml serve tests.test_serving.fake_service:ScamScreen`."""

import time

import models
import serving.reports.uploads
import serving.service
from serving.service import ScamScreen
from tests.fakes import FakeScreener

__all__ = ["ScamScreen", "TroubledScreener"]

SLOW_SECONDS = 2


class TroubledScreener(FakeScreener):
    """Takes its time over "slow", and fails on "raise" with the text in its message."""

    def screen(self, documents, operating_point="balanced"):
        for document in documents:
            if "slow" in document.text:
                time.sleep(SLOW_SECONDS)
            if "raise" in document.text:
                raise ValueError(f"cannot screen {document}")
        return super().screen(documents, operating_point)


models.load_screener = lambda folder, *, threads, cache_bytes, observe: TroubledScreener()
serving.service.check_live = lambda pinned, shelf: None
serving.reports.uploads._LOOK_SECONDS = 0.2
