"""A check of a labelled dataset, as people read it."""

from collections.abc import Iterator, Sequence
from typing import Final

from training.labelled.check import Check
from training.labelled.counts import ClassCount, disagreeing
from training.labelled.label_errors import LEAST_OF_A_CLASS
from training.markdown import table

MOST_LISTED: Final = 20
_FIRST_CHARS: Final = 200
LOW_ALPHA: Final = 0.667
"""Below it Krippendorff (2004, "Content Analysis", chapter 11) draws no conclusion from labels."""


def check_markdown(check: Check, *, show_texts: bool = False) -> str:
    """Return what a check found; texts of suspected label errors only if they are asked for."""
    parts = [f"# {check.name}: {len(check.rows):,} texts\n", _remarks(check), classes_table(check.classes)]
    parts += [_languages(check), _personal(check), _agreement(check), _suspects(check, show_texts)]
    return "\n".join(part for part in parts if part)


def classes_table(classes: Sequence[ClassCount]) -> str:
    """Return a table of the labels that anybody gave a text of a dataset."""
    given = [one for one in classes if one.held or one.disputed]
    rows = [(one.code, one.held, one.not_held, one.disputed, one.unknown) for one in given]
    told = table(("label", "holds", "does not", "disputed", "nobody asked"), rows)
    others = len(classes) - len(given)
    return f"{told}\n{others} other labels are known of some texts, and hold of none.\n" if others else told


def _remarks(check: Check) -> str:
    return "".join(f"- {line}\n" for line in _lines(check))


def _lines(check: Check) -> Iterator[str]:
    """Yield what somebody should look at, the worst first."""
    copies = check.copies
    for problem in check.problems[:MOST_LISTED]:
        yield f"PROBLEM: {problem}"
    if len(check.problems) > MOST_LISTED:
        yield f"PROBLEM: {len(check.problems) - MOST_LISTED:,} more rows break a rule"
    for code in check.empty:
        yield f"PROBLEM: no text holds {code}, which the mapping names"
    for (source, split), keys in copies.elsewhere.items():
        kind = "LEAK" if split == "test" else "copies"
        yield f"{kind}: {len(keys):,} texts resemble texts of {source}, {split}: {_listed(keys)}"
    if copies.leaks:
        yield (
            "what resembles a test text teaches what is to be measured: take it out, or know that training "
            "puts it into the split of its copy, and scores no copy in a set that only measures"
        )
    yield f"{copies.exact:,} texts repeat another to the letter, {copies.near:,} nearly; they stay together"
    if copies.conflicting:
        yield f"copies with different labels: {_listed(copies.conflicting)}"
    few = [one.code for one in check.classes if 0 < one.held < LEAST_OF_A_CLASS]
    if few:
        yield f"under {LEAST_OF_A_CLASS} texts hold {', '.join(few)}: too few to learn from or to measure"
    if others := disagreeing(check.languages):
        yield f"{others:,} texts seem to be in another language than is said"
    low = [one.code for one in check.agreements if one.alpha is not None and one.alpha < LOW_ALPHA]
    if low:
        yield f"people hardly agree on {', '.join(low)} (alpha under {LOW_ALPHA}): look at the instructions"
    if check.personal:
        yield "texts name people or lead to them: see below, and replace what need not be there"


def _languages(check: Check) -> str:
    rows = [(*pair, count) for pair, count in check.languages.most_common(MOST_LISTED)]
    return table(("language as said", "as detected", "texts"), rows)


def _personal(check: Check) -> str:
    if not check.personal:
        return ""
    rows = [(one.type, one.mentions, one.texts) for one in check.personal]
    return table(("personal data, by rules", "mentions", "texts"), rows)


def _agreement(check: Check) -> str:
    rows = [(one.code, one.texts, f"{one.alpha:.2f}") for one in check.agreements if one.alpha is not None]
    if not rows:
        return ""
    return table(("agreement on", "texts of two people or more", "Krippendorff's alpha"), rows)


def _suspects(check: Check, show_texts: bool) -> str:
    if not check.suspects:
        return ""
    head = ("probably wrong", "label", "people say", "a plain model says")
    texts = {row.key: row.text for row in check.rows} if show_texts else {}
    rows = [
        (
            one.key,
            one.code,
            "holds" if one.holds else "does not",
            f"{one.proba:.2f}",
            *([_in_a_cell(texts[one.key])] if show_texts else []),
        )
        for one in check.suspects[:MOST_LISTED]
    ]
    more = len(check.suspects) - MOST_LISTED
    return table((*head, "text") if show_texts else head, rows) + (
        f"\nand {more:,} more\n" if more > 0 else ""
    )


def _in_a_cell(text: str) -> str:
    return " ".join(text[:_FIRST_CHARS].split()).replace("|", "\\|")


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - MOST_LISTED:,} more" if len(keys) > MOST_LISTED else ""
    return ", ".join(keys[:MOST_LISTED]) + more
