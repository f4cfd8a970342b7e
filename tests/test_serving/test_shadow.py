"""A candidate reads beside the live model: what differs is counted, and nothing waits for it."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

import serving.reports.shadow
import serving.service
from models.errors import ArtifactNotFoundError
from models.screening import Document, ScreeningError
from serving import cli
from serving.reports.disagreements import Disagreements, keyed_id, read_disagreements, write_disagreements
from serving.reports.shadow import MOST_WAITING, Shadow
from serving.screening.live_model import LiveModel
from serving.store.home import default_url
from serving.store.sealing import new_keyring
from tests.fakes import FakeScreener
from tests.test_serving.conftest import service_in_process

DEADLINE_SECONDS = 30
SECRET = "zqxsentinel"


class Candidate(FakeScreener):
    """Takes "parcel" for phishing too, and says nothing of "compound"."""

    def __init__(self, _folder: Path = Path()) -> None:
        super().__init__()
        self.artifact = replace(self.artifact, info=replace(self.artifact.info, sha256="c" * 64))

    def screen(self, documents, operating_point="balanced", *, cascade=False):
        return [
            replace(
                record,
                flags=("phishing",) if "parcel" in document.text else (),
                context_labels=(),
                priority="low",
                model=self.artifact.info,
            )
            for document, record in zip(documents, super().screen(documents, operating_point), strict=True)
        ]


def wait_until(happened) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.reports.shadow, "REST", 0.0)
    monkeypatch.setattr(serving.reports.shadow, "WRITE_EVERY_SECONDS", 0.05)


@pytest.fixture
def shadow(tmp_path: Path, quick):
    made = Shadow(tmp_path / "candidate", LiveModel(FakeScreener()), new_keyring(), tmp_path / "shadow")
    yield made
    made.close()


def offer(shadow: Shadow, *texts: str) -> None:
    for number, text in enumerate(texts):
        document = Document(id=f"report-{number}", text=text, language="en")
        [record] = FakeScreener().screen([document])
        shadow.offer(document, record)


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def read(folder: Path) -> Disagreements:
    [one] = read_disagreements(folder)
    return one


def compared(folder: Path) -> int:
    return sum(sum(one.compared.values()) for one in read_disagreements(folder))


def test_labels_that_one_model_alone_finds_are_counted_by_label_and_language(shadow, tmp_path) -> None:
    before = count("scamscreen_shadow_disagreements_total", label="phishing", language="en", by="candidate")
    shadow.start(Candidate, lambda: True)
    wait_until(shadow._is_ready.is_set)
    offer(
        shadow, "a compound job", "your parcel waits", f"{SECRET} good morning", "the parcel at the compound"
    )
    wait_until(lambda: compared(tmp_path / "shadow") == 4)
    found = read(tmp_path / "shadow")

    assert (found.live, found.candidate) == ("0" * 64, "c" * 64)
    assert found.compared == {"en": 4}
    assert found.cells["trafficking_recruitment", "en", "live"] == 2
    assert found.cells["phishing", "en", "candidate"] == 2
    assert found.cells["priority", "en", "live"] == 2
    after = count("scamscreen_shadow_disagreements_total", label="phishing", language="en", by="candidate")
    assert after - before == 2


def test_what_is_written_holds_no_text_and_no_id_of_a_report(shadow, tmp_path) -> None:
    shadow.start(Candidate, lambda: True)
    wait_until(shadow._is_ready.is_set)
    offer(shadow, f"{SECRET} parcel")
    wait_until(lambda: compared(tmp_path / "shadow") == 1)
    [written] = (tmp_path / "shadow").glob("*.json")

    assert SECRET not in written.read_text()
    assert "report-0" not in written.read_text()
    assert keyed_id(shadow._keyring, "report-0") in written.read_text()
    assert keyed_id(new_keyring(), "report-0") not in written.read_text()


def test_it_reads_nothing_while_something_else_is_screened_and_drops_what_it_has_no_room_for(
    shadow, tmp_path
) -> None:
    is_idle = threading.Event()
    dropped = count("scamscreen_shadow_texts_total", outcome="dropped")
    long = count("scamscreen_shadow_texts_total", outcome="long")
    shadow.start(Candidate, is_idle.is_set)
    wait_until(shadow._is_ready.is_set)
    started = time.monotonic()
    offer(shadow, *["your parcel waits"] * (MOST_WAITING + 20))
    took = time.monotonic() - started
    offer(shadow, "x" * 4_001)
    assert count("scamscreen_shadow_texts_total", outcome="long") - long == 1
    time.sleep(0.2)
    assert compared(tmp_path / "shadow") == 0
    assert count("scamscreen_shadow_texts_total", outcome="dropped") - dropped >= 19
    assert took < 5

    is_idle.set()
    wait_until(lambda: compared(tmp_path / "shadow") >= MOST_WAITING)


def test_what_found_no_quiet_moment_in_time_is_forgotten(shadow, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(serving.reports.shadow, "STALE_SECONDS", 0.1)
    shadow.start(Candidate, lambda: False)
    wait_until(shadow._is_ready.is_set)
    offer(shadow, "your parcel waits", "another parcel")
    wait_until(shadow._waiting.empty)

    assert compared(tmp_path / "shadow") == 0


def test_counts_go_on_when_the_live_model_is_switched_and_back(tmp_path, quick) -> None:
    shadow = Shadow(tmp_path, LiveModel(FakeScreener()), new_keyring(), tmp_path / "shadow")
    shadow._is_ready.set()
    document = Document(id="1", text="your parcel waits", language="en")
    [record] = FakeScreener().screen([document])
    other = replace(record, model=replace(record.model, sha256="d" * 64))
    for one in (record, other, record):
        shadow.offer(document, one)
        shadow._next(Candidate(), lambda: True)
        shadow._write()

    found = {one.live[0]: one.compared["en"] for one in read_disagreements(tmp_path / "shadow")}
    assert found == {"0": 2, "d": 1}


def test_it_rests_nineteen_times_as_long_as_it_reads(tmp_path, monkeypatch) -> None:
    rests = []
    shadow = Shadow(tmp_path, LiveModel(FakeScreener()), new_keyring(), tmp_path / "shadow")
    monkeypatch.setattr(shadow._closed, "wait", lambda seconds=None: rests.append(seconds))

    class Slow(Candidate):
        def screen(self, documents, operating_point="balanced", *, cascade=False):
            time.sleep(0.02)
            return super().screen(documents, operating_point)

    shadow._is_ready.set()
    offer(shadow, "your parcel waits")
    shadow._next(Slow(), lambda: True)

    assert rests[0] >= 19 * 0.02


def test_a_candidate_that_cannot_be_loaded_or_fails_disturbs_nobody(tmp_path, quick) -> None:
    def absent(folder):
        raise ArtifactNotFoundError("manifest.json is absent")

    broken = Shadow(tmp_path, LiveModel(FakeScreener()), new_keyring(), tmp_path / "shadow")
    broken.start(absent, lambda: True)
    offer(broken, "your parcel waits")
    broken.close()
    assert broken._waiting.empty()

    class Failing(Candidate):
        def screen(self, documents, operating_point="balanced", *, cascade=False):
            if "raise" in documents[0].text:
                raise ValueError("cannot screen")
            return super().screen(documents, operating_point)

    failing = Shadow(tmp_path, LiveModel(FakeScreener()), new_keyring(), tmp_path / "shadow")
    failing.start(Failing, lambda: True)
    wait_until(failing._is_ready.is_set)
    offer(failing, "raise", "your parcel waits")
    failing.offer(Document("1", ""), ScreeningError("1", "empty_text", "the text is empty"))
    wait_until(lambda: compared(tmp_path / "shadow") == 1)
    failing.close()


def test_a_candidate_that_became_the_live_model_is_not_compared_with_itself(tmp_path, quick) -> None:
    shadow = Shadow(tmp_path, LiveModel(FakeScreener()), new_keyring(), tmp_path / "shadow")
    shadow._is_ready.set()
    document = Document(id="1", text="your parcel waits", language="en")
    shadow.offer(document, Candidate().screen([document])[0])
    shadow._next(Candidate(), lambda: True)
    shadow._write()

    assert read_disagreements(tmp_path / "shadow") == []


def test_what_several_processes_counted_is_one_sum_and_the_last_ids_are_kept(tmp_path) -> None:
    for name in ("one", "two"):
        counted = Disagreements("a" * 64, "b" * 64)
        for number in range(150):
            counted.add([("phishing", "th", "live")], "th", f"{name}-{number}")
        write_disagreements(tmp_path / f"{name}.json", counted)
    joined = read(tmp_path)

    assert joined.compared == {"th": 300}
    assert joined.cells["phishing", "th", "live"] == 300
    assert len(joined.ids["phishing", "th", "live"]) == 100
    assert json.loads((tmp_path / "one.json").read_text())["cells"][0][:4] == ["phishing", "th", "live", 150]


def test_stored_reports_are_compared_in_the_service_and_found_again_by_their_case_numbers(
    tmp_path, monkeypatch, quick, capsys
) -> None:
    monkeypatch.setenv("SCAMSCREEN_SHADOW", str(tmp_path / "candidate"))
    monkeypatch.setattr(serving.service, "Shadow", lambda *parts: made.append(Shadow(*parts)) or made[0])

    made = []

    def load(folder, **_):
        return Candidate() if folder.name == "candidate" else FakeScreener()

    with service_in_process(tmp_path, default_url(tmp_path), load) as client:
        wait_until(made[0]._is_ready.is_set)
        sent = {"reports": [{"text": "a compound job"}, {"text": "your parcel waits"}]}
        cases = [one["case_ref"] for one in client.post("/v1/reports", json=sent).json()["reports"]]
        wait_until(lambda: compared(tmp_path / "shadow") == 2)
        assert cli.main(["model", "disagreements"]) == 0
        table = capsys.readouterr().out
        assert cli.main(["model", "disagreements", "--reports"]) == 0
        reports = capsys.readouterr().out

    assert "phishing\ten\t0\t1\t2" in table
    assert f"{cases[0]}\ttrafficking_recruitment\ten\tlive" in reports
    assert f"{cases[1]}\tphishing\ten\tcandidate" in reports
