"""The window that tells the service of drift: two windows at a time, nothing but counts."""

import threading

import pytest
from prometheus_client import REGISTRY

from serving import metrics
from serving.drift_window import DriftWindow, divergence
from serving.reports.job_screener import JobScreener
from serving.store.report_codes import SECOND_LANE
from serving.store.screening.work import Job
from serving.store.sealing import new_keyring
from tests.test_serving.live import live_model


def fill(window: DriftWindow, count: int, language: str, flags: tuple[str, ...] = ()):
    return [window.add(language, flags) for _ in range(count)]


def test_it_speaks_once_a_window_and_not_before_there_are_two():
    window = DriftWindow(10)
    said = fill(window, 35, "th")
    assert [at for at, one in enumerate(said) if one is not None] == [19, 29]
    assert said[19] == (0, 0)


def test_another_language_or_label_is_told_apart():
    window = DriftWindow(10)
    fill(window, 10, "th")
    assert fill(window, 10, "km")[-1] == (pytest.approx(1), pytest.approx(0))
    assert fill(window, 10, "km", ("phishing",))[-1] == (pytest.approx(0), pytest.approx(1))


def test_each_window_is_compared_with_the_one_before_it_not_with_the_first():
    window = DriftWindow(10)
    fill(window, 10, "th")
    fill(window, 10, "km")
    assert fill(window, 10, "km")[-1] == (0, 0)


def test_divergence_is_that_of_jensen_and_shannon():
    assert divergence({"th": 5}, {"km": 7}) == pytest.approx(1)
    assert divergence({"th": 1, "km": 1}, {"th": 50, "km": 50}) == pytest.approx(0)
    assert divergence({"th": 1}, {"th": 1, "km": 1}) == pytest.approx(0.3113, abs=1e-4)


def test_threads_lose_no_document():
    window = DriftWindow(1000)
    said: list[object] = []
    threads = [
        threading.Thread(target=lambda: said.extend(fill(window, 500, "th", ("phishing",)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in said) == 3


def test_stored_reports_count_too(monkeypatch):
    monkeypatch.setattr(metrics, "_WINDOW", DriftWindow(2))
    screener = JobScreener(new_keyring(), live_model(), images=None)
    jobs = [
        Job(at, f"{at}", 1, at, "text/plain", "utf-8", words.encode(), "th", 0, SECOND_LANE, in_danger=False)
        for at, words in enumerate(("see you", "see you", "a compound job", "a compound job"))
    ]

    screener.findings(jobs)

    assert REGISTRY.get_sample_value("scamscreen_drift_bits", {"of": "languages"}) == 0
    assert REGISTRY.get_sample_value("scamscreen_drift_bits", {"of": "flags"}) == pytest.approx(1)
