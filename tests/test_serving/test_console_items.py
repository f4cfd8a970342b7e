"""An item as a browser gets it: words and marks, its copy without names, its image, and what is sealed."""

import base64
import html
import json
import re
import time
from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from models.screening import Indicator
from serving.clock import now_ms
from serving.store.casework.labelled import labelled
from serving.store.custody.holds import place_hold
from serving.store.home import default_url
from serving.store.screening.findings import place_of_screening
from serving.store.tables import AUDIT, REPORT, SCREENING
from tests import fakes
from tests.test_serving import conftest
from tests.test_serving.administrators import local_administrator
from tests.test_serving.conftest import service_in_process
from tests.test_serving.fake_tesseract import write_tesseract
from tests.test_serving.test_image_reports import image

PHONE = "081-555-0143"
ADVERT = f"We hire for the compound by the lake, call {PHONE}"
OFFERED, FORCED = "081-555-0176", "081-555-0112"
PLEA = f"help me, they hurt us in the compound, call {PHONE}"
VIOLENT = "At the compound whoever is slow is hurt until he works"
MIXED = "\U0001f469\U0001f3fd\u200d\U0001f4bb น้ำใจ\r\nSomchai <b>at</b> the compound"
IN_IMAGE = f"the compound {PHONE}"
TABLE = "\n".join(
    [
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "1\t1\t0\t0\t0\t0\t0\t0\t600\t120\t-1\t",
        "5\t1\t1\t1\t1\t1\t20\t30\t60\t20\t96.1\tthe",
        "5\t1\t1\t1\t1\t2\t90\t30\t160\t20\t95.0\tcompound",
        f"5\t1\t1\t1\t1\t3\t300\t60\t150\t24\t91.7\t{PHONE}",
        IN_IMAGE,
    ]
)


class Screener(fakes.FakeScreener):
    """The fake one, which also sees violence in "hurt", and contacts in what is flagged and no plea."""

    def _screen(self, document, operating_point):
        record = super()._screen(document, operating_point)
        at = document.text.find("hurt")
        violence = Indicator("physical_and_sexual_violence", at, at + 4, "hurt", 0.9)
        is_offer = record.flags and "person_at_risk" not in record.flags
        return replace(
            record,
            indicators=(violence,) if at >= 0 else (),
            entities=tuple(
                replace(one, party="contact_in_flagged_text" if is_offer else "unknown")
                for one in record.entities
            ),
        )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        write_tesseract(home, TABLE)
        patch.setenv("PATH", str(home), prepend=":")
        patch.setattr(conftest, "FakeScreener", Screener)
        for number in (OFFERED, FORCED):
            patch.setitem(fakes.NAMED, number, ("PHONE", f"+66{number[1:].replace('-', '')}"))
        with service_in_process(home, default_url(home)) as client:
            yield client


@pytest.fixture(scope="module")
def browser(client):
    return local_administrator(client)


@pytest.fixture
def item(client, browser):
    """Stores a report and returns it as a browser finds it."""
    return lambda text="", **fields: Stored(client, browser, text, **fields)


class Stored:
    """A report that was stored and screened, and the browser that looks at it."""

    def __init__(self, client, browser, text, **fields):
        self.client, self.browser = client, browser
        report = {"channel": "web_form", **({"text": text} if text else {}), **fields}
        answer = client.post("/v1/reports", json={"reports": [report]})
        self.id = answer.json()["reports"][0]["id"]
        deadline = time.monotonic() + 20
        while self.told["work"] == "waiting":
            assert time.monotonic() < deadline, "not screened"
            time.sleep(0.02)

    @property
    def told(self):
        return self.client.get(f"/v1/reports/{self.id}").json()

    @property
    def page(self) -> str:
        answer = self.browser.client.get(f"/items/{self.id}")
        assert answer.status_code == 200
        return answer.text

    def post(self, path, **fields):
        data = {"version": self.told["version"], **fields}
        return self.browser.send("POST", f"/items/{self.id}/{path}", data=data)

    def mark(self, *spans):
        named = [dict(zip(("code", "start", "end"), one, strict=True)) for one in spans]
        return self.post("change", spans=json.dumps(named))


def picture(**fields):
    encoded = base64.b64encode(image()).decode()
    return {"content": encoded, "media_type": "image/png", "language": "en", **fields}


def pieces(page: str) -> list[tuple[int, str]]:
    """Return where each piece of the text starts, and its words, as a browser has them."""
    layer = re.search(r'<div class="text" id="layer".*?>(<(?:span|mark|details).*?)</div>', page, re.DOTALL)[
        1
    ]
    found = re.findall(r'data-start="(\d+)"[^>]*>([^<]*)<', layer)
    return [(int(start), html.unescape(words)) for start, words in found]


def marked(page: str, kind: str) -> list[str]:
    return [
        html.unescape(words)
        for classes, words in re.findall(r'<mark class="([^"]*)" data-start[^>]*>([^<]*)<', page)
        if kind in classes.split()
    ]


def test_every_piece_says_at_which_code_point_of_the_original_it_starts(item):
    page = item(MIXED).page

    place = 0
    for start, words in pieces(page):
        assert start == place
        place += len(words)
    assert "".join(words for _, words in pieces(page)) == MIXED
    assert "<b>at</b>" not in page


def test_what_a_person_marks_is_kept_and_shown_as_theirs(item):
    stored = item(MIXED)
    start = MIXED.index("น้ำใจ")

    answer = stored.mark(("PERSON", start, start + 5), ("deception", 0, 4))

    assert answer.status_code == 303
    assert stored.told["labelling"]["spans"] == [
        {"code": "PERSON", "start": start, "end": start + 5},
        {"code": "deception", "start": 0, "end": 4},
    ]
    page = stored.page
    assert marked(page, "entity") == ["น้ำใจ"]
    assert marked(page, "sign") == [MIXED[:4]]
    assert "Marked by" in page


def test_marks_are_saved_together_with_labels(item):
    stored = item(ADVERT)

    stored.post(
        "change",
        with_labels="yes",
        labels=["fraudulent_job_offer"],
        spans='[{"code": "fraudulent_job_offer", "start": 0, "end": 7}]',
    )

    assert stored.told["labelling"]["labels"] == ["fraudulent_job_offer"]
    assert marked(stored.page, "label") == ["We hire"]


@pytest.mark.parametrize(
    "spans",
    [
        "[{",
        "[" * 5_000,
        '[{"code": "PHONE", "start": 0, "end": 9999}]',
        '[{"code": "NONE", "start": 0, "end": 1}]',
    ],
)
def test_marks_that_cannot_be_change_nothing(item, spans):
    stored = item(f"{ADVERT} now")

    answer = stored.post("change", spans=spans)

    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text
    assert stored.told["labelling"] is None


def test_all_marks_can_be_taken_away(item):
    stored = item(f"{ADVERT} again")
    assert marked(stored.page, "entity") == [PHONE]

    stored.mark()

    assert stored.told["labelling"]["spans"] == []
    assert marked(stored.page, "entity") == []


def test_a_violent_passage_is_folded_in_the_text_and_in_the_list_of_signs(item):
    page = item(VIOLENT).page

    folded = re.findall(r'<details class="fold"><summary>([^<]*)</summary>(.*?)</details>', page, re.DOTALL)

    assert len(folded) == 2
    assert all("Folded: " in note for note, _ in folded)
    assert ">hurt<" not in re.sub(r'<details class="fold">.*?</details>', "", page, flags=re.DOTALL)


def test_a_plea_and_what_it_is_made_of_is_opened_by_who_wants_to_read_it(item):
    page = item(PLEA).page

    outside = re.sub(r'<details class="plea">.*?\n</details>', "", page, flags=re.DOTALL)
    assert "hurt us" not in outside
    assert "<summary>Folded" not in outside
    assert "What to do next: somebody may be in danger" in outside


def test_a_contact_tells_in_how_many_other_flagged_texts_it_stands_and_finds_them(item, browser):
    first = item(f"We hire for the compound beyond the hills, call {OFFERED}")
    second = item(f"Other work in the compound, {OFFERED} knows more")

    page = first.page
    form = re.search(r'<form method="post" action="/queue" class="inline">(.*?)</form>', page, re.DOTALL)[1]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    found = browser.send("POST", "/queue", data=sent).text

    assert re.search(r"seen in other items: \d+", form)
    assert f'data-id="{second.id}"' in found
    assert "seen in other items" not in item("a lawful shop, Somchai").page


def test_who_stands_in_a_plea_is_looked_for_nowhere(item):
    item(f"Drivers for the compound, {FORCED} has a van")
    item(f"help me, this is my number {FORCED}")

    assert "seen in other items" not in item(f"Cooks for the compound, {FORCED} has a kitchen").page


def test_the_redacted_copy_is_without_names_and_numbers_and_says_who_prints_it(item, browser):
    stored = item(f"{ADVERT} or ask Malee")
    start = len(f"{ADVERT} or ask ")
    stored.mark(("PERSON", start, start + 5), ("PHONE", ADVERT.index(PHONE), len(ADVERT)))

    page = browser.client.get(f"/items/{stored.id}/redacted").text

    assert PHONE not in page
    assert "Malee" not in page
    assert "[PHONE_1]" in page
    assert "[PERSON_1]" in page
    assert "printed by" in page
    assert "Computer screening only" in page


def test_what_an_agency_says_is_written_down(item):
    stored = item(f"{ADVERT} from May")
    stored.post(
        "refer",
        to_agency="a shelter",
        redaction="codes",
        without_consent="imminent_danger",
        reason="they will be moved",
    )
    referral = re.search(rf"/items/{stored.id}/referrals/([0-9a-f]{{32}})", stored.page)[1]

    accepted = stored.post(f"referrals/{referral}", answer="acknowledged", partner_ref="SH-17")
    without_reason = stored.post(f"referrals/{referral}", answer="returned")
    returned = stored.post(f"referrals/{referral}", answer="returned", reason="not our province")

    assert (accepted.status_code, without_reason.status_code, returned.status_code) == (303, 409, 303)
    assert stored.told["status"] == "returned"
    page = stored.page
    assert "SH-17" in page
    assert "not our province" in page


def test_a_referral_without_consent_is_refused_in_plain_words(item):
    stored = item(f"{ADVERT} from June")

    refused = stored.post("refer", to_agency="a shelter", redaction="codes")

    assert refused.status_code == 409
    assert "has not agreed" in refused.text


def test_the_past_is_told_in_words_and_not_in_codes(item):
    stored = item(f"{ADVERT} from July")
    stored.post("change", status="in_review", note="seen twice", safe_to_contact="no")
    stored.mark(("PHONE", 0, 2))

    page = stored.page

    for words in (
        "new → in review",
        "unknown → no",
        "seen twice",
        "– → marks: 1",
        "as received",
        "No legal hold",
    ):
        assert words in page
    assert "in_review" not in re.sub(r'data-\w+="[^"]*"|value="[^"]*"', "", page)


def test_what_an_earlier_model_said_is_told_too(item):
    stored = item(f"{ADVERT} from another age")
    desk = conftest.serving.service.APP.state.desk
    other = {
        **stored.told["screening"],
        "flags": ["phishing"],
        "model": {"name": "old", "version": "1", "sha256": "b"},
    }
    sealed = desk._store.keyring.seal(json.dumps(other).encode(), place_of_screening(stored.id, "b"))

    def kept(connection):
        of_report = select(SCREENING).join(REPORT, REPORT.c.serial == SCREENING.c.report_serial)
        [row] = connection.execute(of_report.where(REPORT.c.public_id == stored.id)).mappings()
        values = {name: row[name] for name in row if name != "serial"}
        connection.execute(insert(SCREENING).values({**values, "model_sha256": "b", "sealed": sealed}))

    assert "Past screenings" not in stored.page
    desk._writer.submit(kept).result()

    past = stored.page.partition("Past screenings")[2].partition("</table>")[0]
    assert "old 1" in past
    assert "fake 0.0.0" in past
    assert "Phishing" in past


def test_a_legal_hold_is_shown(item, client):
    stored = item(f"{ADVERT} from August")
    desk = conftest.serving.service.APP.state.desk
    hold = {"why": "court order", "until_ms": None, "now_ms": now_ms(), "organisation_id": None}

    desk._writer.submit(lambda c: place_hold(c, desk._store.keyring, desk.local, stored.id, **hold)).result()

    assert "Legal hold no." in stored.page


def test_the_copies_of_an_advert_are_named_and_its_campaign_is_listed_in_full(item, browser):
    text = (
        "Pickers wanted at the compound beyond the old bridge, rooms and meals are free, ask at the gate {}"
    )
    stored = [item(text.format(word)) for word in ("today", "tomorrow", "soon")]

    page = stored[2].page
    found = browser.send("POST", "/queue", data={"campaign_id": stored[2].id, "status": "all"}).text

    assert stored[0].told["case_ref"] in page
    assert "Campaign of 3 items" in page
    assert all(f'data-id="{one.id}"' in found for one in stored)


def test_an_image_is_not_loaded_before_somebody_asks_for_it_and_that_is_in_the_audit(item, browser):
    stored = item(**picture())
    page = stored.page

    assert "<img" not in page
    assert IN_IMAGE.split()[1] in page

    before = shown_images(stored)
    answer = browser.client.get(f"/items/{stored.id}/image")

    assert answer.content == image()
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert shown_images(stored) == before + 1


def shown_images(stored) -> int:
    desk = conftest.serving.service.APP.state.desk
    of_item = (AUDIT.c.subject == stored.id, AUDIT.c.action == "image.shown")
    return len(desk._store.database.read(lambda c: c.execute(select(AUDIT.c.number).where(*of_item)).all()))


def test_what_is_no_image_is_not_answered_as_one(item, browser):
    page = base64.b64encode(b"<script>alert(1)</script>").decode()
    disguised, text = item(content=page, media_type="image/png"), item(f"{ADVERT} from September")

    assert browser.client.get(f"/items/{disguised.id}/image").status_code == 404
    assert browser.client.get(f"/items/{text.id}/image").status_code == 404
    assert "No text could be read in this image" in disguised.page


def test_a_number_read_in_an_image_is_unverified_until_somebody_compares_it(item):
    stored = item(**picture())
    start = IN_IMAGE.index(PHONE)
    number = {"type": "PHONE", "start": start, "end": start + len(PHONE)}
    page = stored.page
    assert "unverified" in page
    assert 'data-place="1 0.494 0.494 0.756 0.706"' in page

    wrong = stored.post("check", **{**number, "end": 900})
    right = stored.post("check", **number)

    assert (wrong.status_code, right.status_code) == (409, 303)
    page = stored.page
    assert "unverified" not in page
    assert "compared with the image: " in page
    assert "number compared with the image" in page


def test_only_a_number_that_was_read_in_an_image_can_be_compared(item):
    stored = item(f"{ADVERT} from October")

    assert "unverified" not in stored.page
    assert stored.post("check", type="PHONE", start=0, end=4).status_code == 409


@pytest.mark.parametrize("fields", [{"text": f"{ADVERT} sealed"}, picture()], ids=["text", "image"])
def test_what_is_sealed_is_shown_to_nobody(item, browser, client, fields):
    stored = item(**fields, source_url="https://pictures.example/17", consent={"research": "yes"})
    stored.post("change", status="in_review", note="seen at ten")
    stored.post("change", with_labels="yes", labels=["phishing"])

    assert stored.post("withhold").status_code == 303

    queue = browser.send("POST", "/queue", data={"status": "all", "sort": "newest"}).text
    past = client.get(f"/v1/reports/{stored.id}/screenings").text
    seen = [stored.page, json.dumps(stored.told), past, row_of(queue, stored.id)]
    for shown in seen:
        assert "the compound" not in shown
        assert PHONE not in shown
        assert "+66815550143" not in shown
        assert "pictures.example" not in shown
    assert "Sealed: suspected child abuse material" in seen[0]
    assert "withheld: suspected child abuse material" in seen[0]
    assert "seen at ten" in seen[0]
    assert stored.told["sha256"] in seen[0]
    assert browser.client.get(f"/items/{stored.id}/image").status_code == 404
    assert browser.client.get(f"/items/{stored.id}/redacted").status_code == 409
    desk = conftest.serving.service.APP.state.desk
    exported = desk._store.database.read(
        lambda c: list(labelled(c, desk._store.keyring, None, with_victims=False))
    )
    assert not any(getattr(one, "report_id", "") == stored.id for one in exported)


def row_of(page: str, report_id: str) -> str:
    return re.search(rf'<li class="queue-row[^>]*data-id="{report_id}".*?</li>', page, re.DOTALL)[0]


def test_what_is_sealed_is_shown_again_only_for_a_reason(item):
    stored = item(f"{ADVERT} from November")
    stored.post("withhold")
    stored.post("withhold")

    assert stored.post("show-again", reason=" ").status_code == 409
    assert stored.told["text"] is None
    assert stored.post("show-again", reason="a drawing, says the officer in charge").status_code == 303

    page = stored.page
    assert stored.told["text"] == f"{ADVERT} from November"
    assert "a drawing, says the officer in charge" in page
    assert page.count("withheld: suspected") == 1


def test_sealing_is_refused_to_nobody_because_of_what_others_changed_meanwhile(item):
    stored = item(f"{ADVERT} from December")

    answer = stored.post("withhold", version=0)

    assert answer.status_code == 303
    assert stored.told["withheld_at"]
