"""Words reach the model without the mark-up of the page they were copied from."""

import pytest

from models.text import normalize


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("<b>ช่วยด้วย</b> ถูกขังอยู่ <i>ตึก 4</i>", "ช่วยด้วย ถูกขังอยู่ ตึก 4"),
        ("<p>help us</p><br/>they took our passports", "\nhelp us\n\nthey took our passports"),
        ('<a href="https://x.example/job" class="red">work abroad</a>', "work abroad"),
        ("[b]高薪[/b] [color=red]招聘[/color]", "高薪 招聘"),
        ("&#3594;&#3656;&#3623;&#3618; me&nbsp;now &amp; here", "ช่วย me now & here"),
        ("<B STYLE='x'>s</B>e<i>n</i>d money", "send money"),
    ],
)
def test_markup_goes_and_words_stay(marked: str, plain: str) -> None:
    assert normalize(marked).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "I <3 you",
        "if a <b and c> d",
        "5 < 6 > 4",
        "AT&T; R&D;",
        "[1] see [note], [a] or [b2]",
        "x<y>z",
        "&copy",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert normalize(text).text == text


def test_spans_point_behind_the_tags() -> None:
    text = "<b>they</b> hold <b>me</b>"
    plain = normalize(text)
    start = plain.text.index("me")

    assert text[slice(*plain.original_span(start, start + 2))] == "me"
