"""The words of the console in English and Thai -> its glossary: `python -m serving.console.glossary`.

They stand in `models.taxonomy` and in `names.py` with its catalogue: whoever mends one there runs this again.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from models.taxonomy import ENTITY_TERMS, INDICATOR_TERMS, LABEL_TERMS, ROLE_TERMS, Term
from serving.console.languages import ABSENCE, ENGLISH, THAI, languages
from serving.console.names import priority_meanings, priority_names, status_meanings, status_names

PATH: Final = Path(__file__).parents[2] / "docs" / "glossary_th.md"
_HEAD: Final = """# อภิธานศัพท์ · Thai glossary

คำที่เห็นในหน้าเว็บ คำอังกฤษที่ตรงกัน และความหมายสั้น ๆ คำเหล่านี้บอกว่า**ข้อความ**มีลักษณะอย่างไร
ไม่ได้บอกว่าใครเป็นผู้เสียหายหรือผู้กระทำผิด
“รายการ” “เรื่อง” และ “รายงาน” ในหน้าเว็บ หมายถึงข้อความหรือภาพหนึ่งชิ้นที่รับเข้ามา

**คำแปลชุดนี้เขียนและตรวจโดยโมเดลภาษา (AI) ยังไม่มีเจ้าของภาษาตรวจทาน**
ถ้าคำใดไม่ชัดเจนหรือไม่ตรงกับที่หน่วยงานใช้ โปรดแจ้งผู้ดูแลระบบ

*The words that the console shows, for whoever works in Thai. **A language model wrote and reviewed the Thai;
no native speaker has reviewed it yet.** This file is written by `python -m serving.console.glossary`: mend a
word in `models/taxonomy/`, `serving/console/names.py` or `serving/console/locales/th.po`, then run it again.*
"""
_FOOT_OF_ILO: Final = f"""
สัญญาณ 11 ข้อแรกเป็นตัวชี้วัดแรงงานบังคับขององค์การแรงงานระหว่างประเทศ (ILO) {ABSENCE[1]}
"""


def glossary() -> str:
    """Return the whole glossary as Markdown."""
    english, thai = languages()[ENGLISH], languages()[THAI]
    priorities = _named(priority_names(english), priority_names(thai), priority_meanings(thai))
    states = _named(status_names(english), status_names(thai), status_meanings(thai))
    return "".join(
        (
            _HEAD,
            *_table("ความเร่งด่วน · Priorities", priorities),
            *_table("สถานะ · States", states),
            *_table("ป้ายกำกับ · Labels", _terms(LABEL_TERMS)),
            *_table("บทบาทของข้อความ · Roles", _terms(ROLE_TERMS)),
            *_table("สัญญาณในข้อความ · Indicators", _terms(INDICATOR_TERMS)),
            _FOOT_OF_ILO,
            *_table("ชื่อ หมายเลข และสถานที่ในข้อความ · Names, numbers and places", _terms(ENTITY_TERMS)),
        )
    )


def _named(
    english: Mapping[str, str], thai: Mapping[str, str], meanings: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    for code, name in thai.items():
        yield name, english[code], meanings[code], code


def _terms(terms: Iterable[Term]) -> Iterator[tuple[str, str, str, str]]:
    thai = languages()[THAI]
    for term in terms:
        yield term.name_th, term.name, thai.definition(term.code), term.code


def _table(title: str, rows: Iterable[tuple[str, str, str, str]]) -> Iterator[str]:
    yield f"\n## {title}\n\n| ไทย | English | ความหมาย | รหัส |\n|---|---|---|---|\n"
    for name, english, meaning, code in rows:
        yield f"| **{name}** | {english} | {meaning} | `{code}` |\n"


def main() -> int:
    """Write the glossary anew."""
    PATH.write_text(glossary(), encoding="utf-8")
    sys.stdout.write(f"{PATH} is written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
