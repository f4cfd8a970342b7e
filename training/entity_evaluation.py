"""The report on entities and indicators: marked sets, normal forms, disguises, noise, speed, Presidio."""

import json
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.artifact import Artifact
from models.encoder import Encoder
from models.entities.entity import Context
from models.entities.pipeline import find_entities
from models.errors import TrainingDataError
from models.language import FIRST_CLASS
from models.screener import Screener
from models.taxonomy import ENTITY_TERMS, INDICATORS
from models.text import normalize
from models.tokens import entity_spans, indicator_spans, tokens_of
from training.corpus import build_corpus, load_corpus
from training.entity_report import (
    Report,
    Scored,
    evidence_share,
    false_contacts,
    indicator_scores,
    screened,
    span_scores,
    span_scores_of,
    weakest_languages,
)
from training.markdown import number, share, table
from training.normal_forms import obfuscation_scores, value_scores, written_values
from training.second_marks import agreement, read_second_marks, with_second_marks
from training.sources import SOURCES, present_sources, written_test
from training.table import Table, as_table

TEXTS_PER_SET: Final = 1500
NTREX: Final = "parallel_ntrex128"
LEAST_LANGUAGE_F1: Final = 0.75
_REPEATS: Final = 5
_LONG_BYTES: Final = 100_000
_LONG: Final = {
    "digits": "1",
    "digits and spaces": "0 ",
    "digits and dots": "1.",
    "dots": ".",
    "spaces": " ",
    "line ends": "\n",
    "@": "a@",
    "Latin": "a",
    "Thai": "ก",
    "Thai digits": "๑",
    "Lao": "ກ",
    "Khmer": "ក",
    "Burmese": "က",
    "Han": "中",
    "Han numerals": "一",
    "Hangul": "가",
    "Devanagari": "क",
    "Kana": "ア",
    "emoji": "😀",
}
"""What texts that are there to hold the rules up are made of."""
_PRESIDIO: Final = Path(__file__).with_name("presidio_spans.py")
_OURS: Final = {theirs: term.code for term in ENTITY_TERMS for theirs in term.crosswalk["presidio"]}


def evaluate_entities(
    artifact: Artifact, data_root: Path, cache: Path, *, presidio: Sequence[str] = ()
) -> Report:
    """Return the whole report.

    Args:
        artifact: with calibrated token heads.
        data_root: of the marked public sets.
        cache: of the corpus.
        presidio: Python of a virtual environment with Presidio, and the name of its spaCy model.
    """
    screener = Screener(artifact, Encoder(artifact))
    corpus = as_table(load_corpus(present_sources(data_root), data_root, cache))
    test = corpus.where((corpus.split == "test") & ~corpus.leaked)
    written = screened(screener, as_table(build_corpus([written_test.SOURCE], Path())))
    beside = against_presidio(artifact, written, presidio) if presidio else None  # first: it may not run
    sets = {
        source.name: span_scores(
            screened(screener, test.where(test.source == source.name).distinct().at_most(TEXTS_PER_SET)),
            "entity",
            sorted(source.entity_types),
        )
        for source in SOURCES
        if source.entity_types and source.name != written_test.SOURCE.name
    }
    second = read_second_marks()
    by_both = Scored(with_second_marks(written.table, second), written.records)
    types = sorted(written_test.SOURCE.entity_types)
    on_written = span_scores(by_both, "entity", types)
    return {
        "artifact": {
            "name": artifact.info.name,
            "version": artifact.info.version,
            "sha256": artifact.info.sha256,
        },
        "written_test": on_written,
        "written_test_by_writers": span_scores(written, "entity", types),
        "second_marks": agreement(written.table, second),
        "weak_languages": weakest_languages(on_written, LEAST_LANGUAGE_F1),
        "values": value_scores(written, written_values()),
        "indicators": indicator_scores(written),
        "evidence": evidence_share(written.records),
        "obfuscations": obfuscation_scores(screener),
        "sets": sets,
        "ntrex": false_contacts(screened(screener, test.where(test.source == NTREX))),
        "speed": speed(artifact, written.table),
        "long": long_texts(),
        "presidio": beside,
    }


# ---------------------------------------------------------------- speed


def speed(artifact: Artifact, texts: Table) -> Report:
    """Return milliseconds per text of each part of a screening, the median of several runs."""
    encoder = Encoder(artifact)
    normal = [normalize(str(text)) for text in texts.text]
    contexts = [Context(str(language)) for language in texts.language]
    encoded = encoder.encode([text.text for text in normal])
    never = np.full(len(INDICATORS), np.inf, dtype=np.float32)
    thresholds = artifact.tokens.indicator_thresholds if artifact.tokens else never

    def decode() -> None:
        for text, one in zip(normal, encoded, strict=True):
            tokens = tokens_of(one)
            entity_spans(text.text, tokens)
            indicator_spans(text.text, tokens, thresholds)

    def rules() -> None:
        for text, context in zip(normal, contexts, strict=True):
            find_entities(text.text, context)

    parts: Mapping[str, Callable[[], object]] = {
        "encoder": lambda: encoder.encode([text.text for text in normal]),
        "rules": rules,
        "decoding": decode,
    }
    found = {name: _milliseconds(part) / len(normal) for name, part in parts.items()}
    own = found["rules"] + found["decoding"]
    return {
        **{f"{name}_ms": round(value, 4) for name, value in found.items()},
        "share": round(own / found["encoder"], 4),
    }


def long_texts() -> dict[str, float]:
    """Return name -> milliseconds that all rules take for 100 kB of one thing, the median of several runs."""
    texts = {name: unit * (_LONG_BYTES // len(unit.encode())) for name, unit in _LONG.items()}
    return {
        name: round(_milliseconds(partial(find_entities, text, Context("th"))), 1)
        for name, text in texts.items()
    }


def _milliseconds(part: Callable[[], object]) -> float:
    """Return the median wall time of a few runs."""
    times = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        part()
        times.append((time.perf_counter() - started) * 1000)
    return float(np.median(times))


# ---------------------------------------------------------------- Presidio


def against_presidio(artifact: Artifact, written: Scored, presidio: Sequence[str]) -> Report:
    """Return the scores and times of Presidio and ours on the English texts, of the types it has.

    Raises:
        TrainingDataError: its environment cannot run it.
    """
    english = Scored(
        written.table.where(written.table.language == "en"),
        [
            one
            for one, language in zip(written.records, written.table.language, strict=True)
            if language == "en"
        ],
    )
    lines = [json.dumps({"id": row, "text": str(text)}) for row, text in enumerate(english.table.text)]
    python, model = presidio
    answer = subprocess.run(  # noqa: S603 (the caller's own interpreter)
        [python, str(_PRESIDIO), model], input="\n".join(lines), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        last = answer.stderr.strip().rpartition("\n")[2]
        raise TrainingDataError(f"Presidio with the spaCy model {model} does not run in {python}: {last}")
    *rows, end = map(json.loads, answer.stdout.splitlines())
    found = [
        [(_OURS[code], start, stop) for code, start, stop in row["spans"] if code in _OURS] for row in rows
    ]
    types = sorted({code for code in _OURS.values() if any(one[0] == code for row in found for one in row)})
    marked = [english.marked(row, "entity") for row in range(len(found))]
    ours = speed(artifact, english.table)
    own_ms = ours["rules_ms"] + ours["decoding_ms"]
    theirs_ms = 1000 * end["seconds"] / end["texts"]
    return {
        "presidio": end["presidio"],
        "model": end["model"],
        "texts": end["texts"],
        "theirs": span_scores_of(marked, found, types),
        "ours": span_scores_of(marked, [english.found(row, "entity") for row in range(len(found))], types),
        "theirs_ms": round(theirs_ms, 3),
        "ours_ms": round(own_ms, 3),
        "times_as_long": round(theirs_ms / own_ms, 1),
    }


# ---------------------------------------------------------------- Markdown


def entity_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    model, speeds = report["artifact"], report["speed"]
    parts = [
        "# Entities and indicators\n",
        f"Model `{model['name']}` {model['version']}, sha256 `{model['sha256'][:16]}`. Overlap: the right "
        "type on some of the marked characters; exact: on all of them and no other (nervaluate).\n",
        "## Entities on the written test\n",
        "Marked by the writer of a text and, where they left one out, by a second reader who saw no marks; "
        "the last column but one goes by the writers alone.\n",
        _by_code(report["written_test"], report["written_test_by_writers"], report["values"]["by_type"]),
        f"Normal forms right: {share(report['values']['all'])}. The second reader marked "
        + _agreement(report["second_marks"])
        + ".\n",
        table(
            ("language", "marked", "precision", "recall", "F1 (overlap)"),
            [_line(code, report["written_test"]["by_language"][code]) for code in FIRST_CLASS],
        ),
        "## Disguised contacts\n",
        f"Found with the right normal form: {share(report['obfuscations']['all'])}.\n",
        "## Other sets\n",
        table(
            ("set", "type", "marked", "precision", "recall", "F1 (overlap)"),
            [
                (name, *_line(code, scores["by_code"].get(code, scores["all"])))
                for name, scores in report["sets"].items()
                for code in ("all", *scores["by_code"])
            ],
        ),
        "## Contacts found in NTREX lines, which name none\n",
        table(("language", "lines"), [(code, share(one)) for code, one in report["ntrex"].items()]),
        "## Indicators on the written test\n",
        f"Macro F1 (overlap) over {len(report['indicators']['in_macro'])} indicators with 30 or more marked "
        f"spans: **{report['indicators']['macro_overlap_f1']:.3f}**. Flagged texts with evidence for every "
        f"flag: {share(report['evidence'])}.\n",
        table(
            ("indicator", "marked", "precision", "recall", "F1 (overlap)"),
            [_line(code, one) for code, one in report["indicators"]["by_code"].items() if one["marked"]],
        ),
        "## Speed\n",
        f"Milliseconds per text: encoder {speeds['encoder_ms']:.2f}, rules {speeds['rules_ms']:.2f}, "
        f"decoding {speeds['decoding_ms']:.2f}: {100 * speeds['share']:.1f} % on top of the encoder.\n",
        "All rules on 100 kB of one thing, milliseconds:\n",
        table(("of", "ms"), [(name, f"{value:.0f}") for name, value in report["long"].items()]),
        _presidio(report["presidio"]),
    ]
    return "\n".join(parts)


def _by_code(scores: Report, by_writers: Report, values: Mapping[str, Any]) -> str:
    rows = []
    for code, one in [("all", scores["all"]), *scores["by_code"].items()]:
        exact = number(one["exact"]["f1"]) if one["exact"] else ""
        alone = by_writers["all"] if code == "all" else by_writers["by_code"][code]
        of_writers = number(alone["overlap"]["f1"]) if alone["overlap"] else ""
        rows.append((*_line(code, one), exact, of_writers, share(values[code]) if code in values else ""))
    return table(
        ("type", "marked", "precision", "recall", "F1 (overlap)", "F1 (exact)", "F1, writers", "normal form"),
        rows,
    )


def _agreement(by_type: Mapping[str, Sequence[int]]) -> str:
    """Return in words how far the second reader's marks are the writers'."""
    return ", ".join(
        f"{both} of {n} {code} and {more} more" for code, (n, both, more) in sorted(by_type.items())
    )


def _line(name: str, one: Report) -> tuple[Any, ...]:
    overlap = one["overlap"] or {}
    return name, one["marked"], *(number(overlap.get(key)) for key in ("precision", "recall", "f1"))


def _presidio(one: Report | None) -> str:
    if one is None:
        return "Presidio was not run.\n"
    rows = [
        (
            code,
            one["ours"][code]["marked"],
            *(number((one[side][code]["overlap"] or {}).get("f1")) for side in ("ours", "theirs")),
        )
        for code in one["ours"]
    ]
    return (
        f"Presidio {one['presidio']} with {one['model']} on the {one['texts']} English texts: "
        f"{one['theirs_ms']:.2f} ms per text, rules and decoding {one['ours_ms']:.2f} ms "
        f"({one['times_as_long']} times as long).\n\n"
        + table(("type", "marked", "F1 ours", "F1 Presidio"), rows)
    )
