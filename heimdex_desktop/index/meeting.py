"""Which scenes of a page meet a clause, told from memory as the database would tell it."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from heimdex_desktop.domain.filters import Comparison, Content
from heimdex_desktop.index.clauses import (
    AllOf,
    AnyOf,
    Clause,
    Compared,
    HasContent,
    Holds,
    Inverse,
    InVideo,
    LiesIn,
    Number,
    Shows,
    Speaks,
    Tagged,
    Touches,
)
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.facts import Mask
from heimdex_desktop.index.page import Page
from heimdex_desktop.index.schema import ArrowArray

# pyarrow makes these functions when it is imported, so that no type checker knows them.
_arrow: Any = pyarrow.compute
_SOMEBODY = Compared(Number.PEOPLE, Comparison.MORE, 0)


def meeting(page: Page, clause: Clause) -> Mask:
    """Return which scenes of a page meet a clause, shape (n,); those that do not stand any more may too."""
    match clause:
        case AllOf(clauses):
            return _every(page, clauses)
        case AnyOf(clauses):
            return ~_every(page, tuple(Inverse(one) for one in clauses))
        case Inverse(inner):
            return ~meeting(page, inner)
        case Holds() | HasContent() | Tagged() | Shows():
            return _by_content(page, clause)
        case _:
            return _by_facts(page, clause)


def _by_content(page: Page, clause: Holds | HasContent | Tagged | Shows) -> Mask:
    match clause:
        case Holds(text):
            return _holding(page, text)
        case HasContent(content):
            return _with_content(page, content)
        case Tagged(tags):
            return _marked(page, np.concatenate([page.tags.of_name(tag)[0] for tag in tags]))
        case Shows(people):
            return _marked(page, np.concatenate([page.people.of_name(person)[0] for person in people]))


def _by_facts(page: Page, clause: LiesIn | Speaks | Compared | InVideo | Touches) -> Mask:
    facts = page.facts
    match clause:
        case LiesIn(text):
            return facts.folders.where(lambda folders: text in folders)
        case Speaks(language):
            return facts.languages.where(lambda name: f"{name.lower()}-".startswith(f"{language}-"))
        case InVideo(video_id):
            return facts.videos.where(lambda name: name == video_id)
        case Touches():
            return facts.touching(clause)
        case Compared():
            return facts.compared(clause)


def _every(page: Page, clauses: tuple[Clause, ...]) -> Mask:
    met = np.ones(len(page.rows), np.bool_)
    for clause in clauses:
        met &= meeting(page, clause)
    return met


def _with_content(page: Page, content: Content) -> Mask:
    match content:
        case Content.SPEECH:
            return _is_not_empty(page.words)
        case Content.TEXT:
            return _is_not_empty(page.screens)
        case Content.FACES:
            return page.facts.compared(_SOMEBODY)


def _holding(page: Page, text: str) -> Mask:
    """Look for a text where all of its words may be said, and on all screens: few show anything."""
    places = np.arange(len(page.rows), dtype=np.int32)
    for word in dict.fromkeys(text.split()):
        said = _marked(page, page.said.holding(Term.of(word)))
        places = places[said[places]]
    found = _contains(page.words.take(pa.array(places)), text)
    return _marked(page, places[found]) | _contains(page.screens, text)


def _contains(texts: ArrowArray, text: str) -> Mask:
    return _arrow.match_substring(texts, pattern=text).to_numpy(zero_copy_only=False)


def _is_not_empty(texts: ArrowArray) -> Mask:
    return _arrow.not_equal(texts, "").to_numpy(zero_copy_only=False)


def _marked(page: Page, places: np.ndarray[Any, Any]) -> Mask:
    marked = np.zeros(len(page.rows), np.bool_)
    marked[places] = True
    return marked
