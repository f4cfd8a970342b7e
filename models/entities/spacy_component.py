"""The recognisers as a spaCy component, and a pipeline whose tokens suit scripts without word breaks.

`nlp.add_pipe("scamscreen_entities")` adds them to any pipeline; `blank()` is one of their own. Needs spaCy,
which nothing else here does.
"""

import re
from collections.abc import Callable
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import DummyTokenizer, filter_spans, get_words_and_spaces, registry
from spacy.vocab import Vocab

from models.entities.entity import Context
from models.entities.pipeline import find_entities
from models.entities.words import LATIN
from models.language import detect
from models.text import normalize
from models.text.clusters import joined

NAME: Final = "scamscreen_entities"
SPANS_KEY: Final = "scamscreen"
TOKENIZER: Final = "scamscreen.clusters.v1"
_PIECE: Final = re.compile(rf"[{LATIN}]+|\d+|\s+|.", re.DOTALL)

Span.set_extension("scamscreen", default=None, force=True)


def blank() -> Language:
    """Return a pipeline of every language: tokens of one letter cluster, word or number; our entities."""
    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.add_pipe(NAME)
    return nlp


class Clusters(DummyTokenizer):  # type: ignore[misc]  # spaCy has no types of it
    """A tokenizer that never joins what an entity may part: a word of Thai letters is not one token.

    Latin words and numbers are tokens; in every other script a letter with its marks is one.
    """

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the document of a text; its tokens spell the text exactly."""
        words, spaces = get_words_and_spaces(_pieces(text), text)
        return Doc(self._vocab, words=words, spaces=spaces)


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]
def create_clusters() -> Callable[[Language], Clusters]:
    """Return what makes the tokenizer of a pipeline that names it in its configuration."""
    return lambda nlp: Clusters(nlp.vocab)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match[0]
        if match.start() and joined(text, match.start()):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return [piece for piece in pieces if not piece.isspace()]


@Language.factory(  # type: ignore[untyped-decorator]
    NAME, default_config={"language": None}, assigns=["doc.ents", "doc.spans"]
)
def create_component(nlp: Language, name: str, language: str | None) -> Callable[[Doc], Doc]:
    """Return the component; `language` is a BCP-47 primary tag, or None to detect it text by text."""

    def recognise(doc: Doc) -> Doc:
        """Add our entities to `doc.spans["scamscreen"]` and, where no other stands, to `doc.ents`.

        `span._.scamscreen` is a mapping with `value`, `attributes`, `proba`, `source` and `reason`.
        """
        text = normalize(doc.text)
        tag = language or detect(text.text).tag
        spans = []
        for entity in find_entities(text.text, Context(tag)):
            start, end = text.original_span(entity.start, entity.end)
            span = doc.char_span(start, end, label=entity.type, alignment_mode="expand")
            span._.scamscreen = {
                "value": entity.value,
                "attributes": dict(entity.attributes),
                "proba": entity.proba,
                "source": entity.source,
                "reason": entity.reason,
            }
            spans.append(span)
        doc.spans[SPANS_KEY] = spans
        doc.ents = filter_spans([*doc.ents, *spans])
        return doc

    return recognise
