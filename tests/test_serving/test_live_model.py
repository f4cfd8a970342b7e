"""Another model takes over while requests are under way: none is lost, and none is answered by two."""

import asyncio
import gc
import json
import shutil
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

import models
import serving.screening.model_watch
import serving.service
from models.artifact import DEFAULT_ARTIFACT, load_artifact
from models.errors import ArtifactCorruptError, ArtifactNotFoundError
from models.loading import load_screener
from models.screening import Document
from models.shelf import SHIPPED, shelf_in
from serving.commands.office import opened
from serving.reports.job_screener import JobScreener
from serving.reports.ocr_text import OcrText
from serving.screening.batcher import Batcher
from serving.screening.live_model import LiveModel, check_live, load_live
from serving.screening.model_watch import ModelWatch
from serving.store.home import default_url
from serving.store.report_codes import IMAGE_LANES
from serving.store.screening.work import Job
from serving.store.sealing import new_keyring
from serving.store.tables import AUDIT, SCREENING
from tests.fakes import FakeScreener
from tests.test_serving.administrators import local_administrator
from tests.test_serving.conftest import service_in_process
from training.export import write_manifest

DEADLINE_SECONDS = 30
NAMES = ("a" * 16, "b" * 16)


class NamedScreener(FakeScreener):
    """A fake model of a folder, whose sha256 is the folder's name again and again."""

    def __init__(self, folder: Path, seconds: float = 0.0) -> None:
        super().__init__()
        name = "0" * 16 if folder.name == "default" else folder.name
        info = replace(self.artifact.info, sha256=name * 4, version=name[:2])
        self.artifact = replace(self.artifact, info=info)
        self.seconds = seconds

    def screen(self, documents, operating_point="balanced", *, cascade=False):
        time.sleep(self.seconds)
        return super().screen(documents, operating_point)


def choose(home: Path, *names: str) -> None:
    """Write which model is live as `Shelf` does, without there being any."""
    shelf = shelf_in(home)
    shelf.folder.mkdir(parents=True, exist_ok=True)
    shelf._write(names)


def wait_until(happened) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def watching(live, shelf, load, *, switched=lambda info: None) -> ModelWatch:
    return ModelWatch(live, shelf, load, None, switched)


def test_a_request_is_answered_by_the_model_that_was_live_when_it_was_accepted() -> None:
    old, new = (NamedScreener(Path(name), 0.05) for name in NAMES)
    live = LiveModel(old)

    async def scenario():
        batcher = Batcher(lambda: live.screener.screen, max_wait_seconds=1000.0, workers=1)
        documents = [Document(id=str(number), text="word " * 300) for number in range(40)]
        before = [asyncio.create_task(batcher.submit(documents, "balanced")) for _ in range(3)]
        await asyncio.sleep(0.1)
        live.switch(new, Path(NAMES[1]))
        after = [asyncio.create_task(batcher.submit(documents, "balanced")) for _ in range(3)]
        answers = [{record.model.sha256 for record in await task} for task in (*before, *after)]
        await batcher.close()
        return answers

    answers = asyncio.run(scenario())
    assert answers == [{NAMES[0] * 4}] * 3 + [{NAMES[1] * 4}] * 3


def test_the_model_that_was_replaced_leaves_the_memory_when_its_last_request_is_answered() -> None:
    live = LiveModel(NamedScreener(Path(NAMES[0]), 0.05))
    old = weakref.ref(live.screener)

    async def scenario():
        batcher = Batcher(lambda: live.screener.screen, max_wait_seconds=1000.0)
        task = asyncio.create_task(batcher.submit([Document(id="1", text="good morning")], "balanced"))
        await asyncio.sleep(0.01)
        live.switch(NamedScreener(Path(NAMES[1])), Path(NAMES[1]))
        is_held = old() is not None
        await task
        del task
        for _ in range(100):
            if old() is None:
                break
            await asyncio.sleep(0.01)
        is_gone = old() is None
        await batcher.close()
        return is_held, is_gone

    gc.disable()  # it is not to wait for a collection, which may never come
    try:
        assert asyncio.run(scenario()) == (True, True)
    finally:
        gc.enable()


def test_a_model_that_is_chosen_is_loaded_and_has_screened_before_it_answers(tmp_path: Path) -> None:
    events = []

    class Told(NamedScreener):
        def screen(self, documents, operating_point="balanced", *, cascade=False):
            events.append(("screened", live.info.sha256[:1]))
            return super().screen(documents, operating_point)

    live = LiveModel(NamedScreener(Path(NAMES[0])), Path(NAMES[0]))
    watch = watching(live, shelf_in(tmp_path), Told, switched=lambda info: events.append(info.sha256[:1]))
    choose(tmp_path, NAMES[1])
    watch.look()
    watch.close()

    assert events[0] == ("screened", "a")
    assert events[-1] == "b"
    assert live.info.sha256 == NAMES[1] * 4
    assert live.folder == shelf_in(tmp_path).folder / NAMES[1]


def test_a_model_that_cannot_be_loaded_changes_nothing_is_told_and_is_not_tried_again(tmp_path: Path) -> None:
    tried = []

    def load(folder: Path) -> NamedScreener:
        tried.append(folder.name)
        if folder.name == NAMES[1]:
            raise ArtifactCorruptError("graph.onnx is not the file its manifest names")
        return NamedScreener(folder)

    live = LiveModel(NamedScreener(Path(NAMES[0])), Path(NAMES[0]))
    watch = watching(live, shelf_in(tmp_path), load)
    choose(tmp_path, NAMES[1])
    watch.look()
    watch.look()
    refused = live.refused
    choose(tmp_path, SHIPPED)
    watch.look()
    watch.close()

    assert tried == [NAMES[1], "default"]
    assert refused == "graph.onnx is not the file its manifest names"
    assert (live.refused, live.info.version) == ("", "00")


def test_a_folder_that_holds_another_model_than_was_chosen_changes_nothing(tmp_path: Path) -> None:
    live = LiveModel(NamedScreener(Path(NAMES[0])), Path(NAMES[0]))
    watch = watching(live, shelf_in(tmp_path), lambda folder: NamedScreener(Path("c" * 16)))
    choose(tmp_path, NAMES[1])
    watch.look()
    watch.close()
    again = load_live(None, shelf_in(tmp_path), lambda folder: NamedScreener(Path("c" * 16)))

    assert live.info.sha256 == NAMES[0] * 4
    assert "holds another model" in live.refused
    assert again.folder == DEFAULT_ARTIFACT
    assert "holds another model" in again.refused


def test_an_image_that_is_being_read_holds_no_model_and_its_words_are_read_by_the_one_that_is_live() -> None:
    old = weakref.ref(screener := NamedScreener(Path(NAMES[0])))
    live = LiveModel(screener)
    del screener

    class Images:
        def read(self, content, media_type, language) -> OcrText:
            live.switch(NamedScreener(Path(NAMES[1])), Path(NAMES[1]))
            held.append(old() is not None)
            return OcrText("a compound job", "tesseract", ())

    held: list[bool] = []
    job = Job(1, "1", 1, 1, "image/png", "", b"png", "en", 0, IMAGE_LANES[1], in_danger=False)
    [finding] = JobScreener(new_keyring(), live, images=Images()).findings([job])

    assert held == [False]
    assert finding.model_sha256 == NAMES[1] * 4
    assert json.loads(finding.record)["model"]["sha256"] == NAMES[1] * 4


def test_a_third_model_is_loaded_only_when_the_first_is_gone(tmp_path: Path, monkeypatch) -> None:
    live = LiveModel(NamedScreener(Path(NAMES[0])), Path(NAMES[0]))
    held = live.screener
    watch = watching(live, shelf_in(tmp_path), NamedScreener)
    choose(tmp_path, NAMES[1])
    watch.look()
    choose(tmp_path, "c" * 16)
    looking = threading.Thread(target=watch.look)
    looking.start()
    time.sleep(0.3)
    assert live.info.version == "bb"

    del held
    looking.join(DEADLINE_SECONDS)
    watch.close()
    assert live.info.version == "cc"


def test_a_choice_that_is_taken_back_while_it_waits_is_not_followed(tmp_path: Path) -> None:
    loaded = []

    def load(folder: Path) -> NamedScreener:
        loaded.append(folder.name[:1])
        return NamedScreener(folder)

    live = LiveModel(NamedScreener(Path(NAMES[0])), Path(NAMES[0]))
    held = live.screener
    watch = watching(live, shelf_in(tmp_path), load)
    choose(tmp_path, NAMES[1])
    watch.look()
    choose(tmp_path, "c" * 16)
    looking = threading.Thread(target=watch.look)
    looking.start()
    time.sleep(0.3)
    choose(tmp_path, NAMES[1])
    del held
    looking.join(DEADLINE_SECONDS)
    watch.close()

    assert loaded == ["b"]
    assert live.info.version == "bb"


def test_a_model_that_failed_and_is_held_by_its_own_error_does_not_keep_a_third_from_being_loaded(
    tmp_path: Path,
) -> None:
    live = LiveModel(NamedScreener(Path(NAMES[0])), Path(NAMES[0]))
    circle: list[object] = [live.screener]
    circle.append(circle)
    del circle
    watch = watching(live, shelf_in(tmp_path), NamedScreener)
    gc.disable()
    try:
        for name in (NAMES[1], "c" * 16):
            choose(tmp_path, name)
            looking = threading.Thread(target=watch.look)
            looking.start()
            looking.join(DEADLINE_SECONDS)
        assert live.info.version == "cc"
    finally:
        gc.enable()
        watch.close()


def test_a_service_begins_with_the_newest_model_that_can_be_loaded(tmp_path: Path) -> None:
    def load(folder: Path) -> NamedScreener:
        if folder.name == NAMES[0]:
            raise MemoryError
        return NamedScreener(folder)

    choose(tmp_path, *NAMES)
    live = load_live(None, shelf_in(tmp_path), load)

    assert (live.info.version, live.refused) == ("bb", "MemoryError")


def test_a_pinned_model_is_the_only_one(tmp_path: Path) -> None:
    choose(tmp_path, NAMES[0])

    assert load_live(tmp_path / NAMES[1], shelf_in(tmp_path), NamedScreener).info.version == "bb"
    with pytest.raises(ArtifactNotFoundError):
        check_live(tmp_path / "nothing", shelf_in(tmp_path))
    check_live(None, shelf_in(tmp_path))


def test_a_damaged_choice_is_told_and_the_shipped_model_answers(tmp_path: Path) -> None:
    choose(tmp_path, "no name")
    live = load_live(None, shelf_in(tmp_path), NamedScreener)

    assert live.info.version == "00"
    assert "names no model" in live.refused


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.screening.model_watch, "LOOK_EVERY_SECONDS", 0.02)


def served(home: Path, seconds: float = 0.0):
    """The service in this process, with the model that a folder is named for."""
    return service_in_process(home, default_url(home), lambda folder, **_: NamedScreener(folder, seconds))


def live_model_of_service() -> LiveModel:
    return serving.service.APP.state.live


def test_no_request_fails_and_none_is_mixed_while_models_are_switched_under_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_watch
) -> None:
    monkeypatch.setenv("SCAMSCREEN_MAX_WAIT_SECONDS", "1000")  # of a machine that is busy otherwise
    body = {"documents": [{"text": "word " * 200} for _ in range(20)]}
    ended = threading.Event()

    def ask(client) -> list[tuple[int, frozenset[str]]]:
        answers = []
        while not ended.is_set():
            answer = client.post("/v1/screen", json=body)
            shas = frozenset(one["model"]["sha256"] for one in answer.json().get("results", ()))
            answers.append((answer.status_code, shas))
        return answers

    with served(tmp_path, seconds=0.002) as client:
        live = live_model_of_service()
        with ThreadPoolExecutor(4) as users:
            asked = [users.submit(ask, client) for _ in range(4)]
            for number in range(10):
                name = NAMES[number % 2]
                choose(tmp_path, name)
                wait_until(lambda name=name: live.info.sha256 == name * 4)
                time.sleep(0.05)
            ended.set()
            answers = [answer for future in asked for answer in future.result()]
        with opened() as office:
            links = office.database.read(
                lambda connection: connection.execute(select(AUDIT.c.action, AUDIT.c.subject)).all()
            )

    assert {status for status, _ in answers} == {200}
    assert {len(shas) for _, shas in answers} == {1}
    assert {sha for _, shas in answers for sha in shas} >= {name * 4 for name in NAMES}
    switched = {subject for action, subject in links if action == "model.live"}
    assert switched == {name * 4 for name in NAMES}


def test_the_store_keeps_which_model_made_which_record(tmp_path: Path, quick_watch) -> None:
    def screened() -> list:
        with opened() as office:
            shas = select(SCREENING.c.model_sha256).order_by(SCREENING.c.serial)
            return [*office.database.read(lambda connection: connection.execute(shas).scalars())]

    def store(client) -> str:
        sent = client.post("/v1/reports", json={"reports": [{"text": "a compound job"}]})
        return sent.json()["reports"][0]["id"]

    with served(tmp_path) as client:
        live = live_model_of_service()
        first = store(client)
        wait_until(lambda: len(screened()) == 1)
        choose(tmp_path, NAMES[0])
        wait_until(lambda: live.info.sha256 == NAMES[0] * 4)
        second = store(client)
        wait_until(lambda: len(screened()) == 2)
        records = [
            client.get(f"/v1/reports/{report}").json()["screening"]["model"] for report in (first, second)
        ]
        rows = screened()

    assert rows == ["0" * 64, NAMES[0] * 4]
    assert [record["sha256"] for record in records] == rows


def test_the_page_of_the_model_says_that_another_could_not_be_loaded(tmp_path: Path, quick_watch) -> None:
    def broken(folder, **options):
        raise ArtifactCorruptError("graph.onnx is not the file its manifest names")

    with served(tmp_path) as client, pytest.MonkeyPatch.context() as patch:
        live = live_model_of_service()
        patch.setattr(models, "load_screener", broken)
        choose(tmp_path, NAMES[0])
        wait_until(lambda: live.refused)
        page = local_administrator(client).client.get("/admin/model").text
        metrics = client.get("/metrics").text

    assert "graph.onnx is not the file its manifest names" in page
    assert "could not be loaded" in page
    assert "scamscreen_model_refused 1.0" in metrics


def test_a_real_screener_leaves_the_memory_without_a_collection(tiny_artifact: Path) -> None:
    gc.collect()
    gc.disable()
    try:
        screener = load_screener(tiny_artifact, threads=1, cache_bytes=1_000_000)
        screener.screen([Document(id="1", text="easy work " * 40), Document(id="2", text="")])
        old = weakref.ref(screener)
        del screener
        assert old() is None
    finally:
        gc.enable()


def test_a_real_service_follows_another_artefact_and_keeps_it_when_the_next_is_damaged(
    tiny_artifact: Path, tmp_path: Path, quick_watch
) -> None:
    shelf = shelf_in(tmp_path)
    other = Path(shutil.copytree(tiny_artifact, tmp_path / "other"))
    write_manifest(other, {**load_artifact(other).manifest, "version": "0.0.2"})
    first, second = shelf.add(tiny_artifact), shelf.add(other)
    shelf.use(first)
    with service_in_process(tmp_path, default_url(tmp_path), load_screener) as client:
        live = live_model_of_service()

        def answered() -> str:
            answer = client.post("/v1/screen", json={"documents": [{"text": "easy work in a big office"}]})
            return answer.json()["results"][0]["model"]["version"]

        versions = [answered()]
        (shelf.folder / second / "graph.onnx").write_bytes(b"x")
        choose(tmp_path, second, first)
        wait_until(lambda: live.refused)
        versions.append(answered())
        shelf.add(other)
        shelf.use(second)
        wait_until(lambda: live.info.version == "0.0.2")
        versions.append(answered())
        shelf.roll_back()
        wait_until(lambda: live.info.version == "0.0.1")
        versions.append(answered())

    assert versions == ["0.0.1", "0.0.1", "0.0.2", "0.0.1"]
