"""What a person typed, taken apart: words and phrases to look for, and conditions to meet."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby

from heimdex_desktop.domain.filters import Not
from heimdex_desktop.domain.people import all_of
from heimdex_desktop.domain.query_filters import read_filter
from heimdex_desktop.domain.query_line import Line, clean_words, one_spelling, read_line
from heimdex_desktop.domain.query_notes import notes
from heimdex_desktop.domain.query_people import groups_of_people, read_people
from heimdex_desktop.domain.query_terms import Kind, Term, terms
from heimdex_desktop.domain.query_values import plain, read_duration_ms
from heimdex_desktop.domain.search import Query, QuerySequence

LONGEST_QUERY_CHARACTERS = 1_000
"""What lies beyond is cut off: nobody types it, and a pasted book must not stall the search."""

MOST_PARTS = 8
"""The parts of a sequence; what lies beyond belongs to the last."""

DEFAULT_WITHIN_MS = 60_000

_PHRASE = re.compile(r'"([^"]*)"')


def parse(typed: str, today: date | None = None) -> Query:
    """Take a typed text apart; whatever is typed, a query comes back.

    `words` are what stands outside quotes, `phrases` what stands inside (straight, typographic, angle or
    corner quotes), each without its outer punctuation and spelled in NFC. `text` is both in the order typed,
    on one line, without quotes. A quote that is not closed is ignored, since it is closed in a moment; right
    after an operator or a minus it runs to the end.

    What looks like an operator and cannot be understood is a word, and a note says why. "today" and
    "yesterday" are dates only where `today` is given. `A >> B` is a sequence of two queries: the conditions
    stand in these, and the words of both in the whole.
    """
    line = read_line(typed[:LONGEST_QUERY_CHARACTERS])
    found = terms(line, partial(read_filter, today=today))
    parts, within_ms = _parts(found)
    has_operators = any(_is_operator(term) for term in found)
    queries = [_query(line, part, has_operators=has_operators) for part in parts]
    told = [query for query in queries if not query.is_blank]
    query = _in_order(told, within_ms) if len(told) > 1 else next(iter(told or queries), Query(""))
    return replace(
        query, typed=typed, notes=tuple(notes(line, found, is_sequence=query.sequence is not None))
    )


def names_typed(typed: str) -> Iterator[tuple[str, int, int]]:
    """Yield each name of somebody that `parse` finds, with the letters `[start, end)` where it was typed."""
    line = read_line(typed[:LONGEST_QUERY_CHARACTERS])
    for term in terms(line, partial(read_filter, today=None)):
        if term.kind is Kind.PERSON:
            yield (term.value, *line.typed_span(term.start, term.end))


def _is_operator(term: Term) -> bool:
    is_unwanted = term.is_negated and not term.is_sign
    return is_unwanted or term.kind in {Kind.FILTER, Kind.PERSON, Kind.ARROW}


def _parts(found: Sequence[Term]) -> tuple[list[Sequence[Term]], int]:
    """Split at the arrows; return the parts that hold anything, and the time they have to lie within."""
    runs = groupby(found, key=lambda term: term.kind is Kind.ARROW)
    parts: list[Sequence[Term]] = [tuple(run) for is_arrow, run in runs if not is_arrow]
    within_ms = DEFAULT_WITHIN_MS
    if parts and len(found) > sum(map(len, parts)):
        parts[-1], within_ms = _without_within(parts[-1])
    last = tuple(term for part in parts[MOST_PARTS - 1 :] for term in part)
    return [part for part in (*parts[: MOST_PARTS - 1], last) if part], within_ms


def _without_within(part: Sequence[Term]) -> tuple[Sequence[Term], int]:
    """Take "within 60s" or "within 60 s" off the end of a sequence."""
    for count in (2, 3):
        length_ms = _within_ms(part[-count:]) if len(part) >= count else None
        if length_ms:
            return part[:-count], length_ms
    return part, DEFAULT_WITHIN_MS


def _within_ms(tail: Sequence[Term]) -> int | None:
    is_plain = all(term.kind is Kind.WORD and not term.is_negated for term in tail)
    first, *rest = (plain(term.value) for term in tail)
    if not is_plain or first != "within" or not all(unit.isalpha() for unit in rest[1:]):
        return None
    return read_duration_ms("".join(rest))


def _in_order(parts: Sequence[Query], within_ms: int) -> Query:
    return Query(
        text=" ".join(part.text for part in parts if part.text),
        words=tuple(word for part in parts for word in part.words),
        phrases=tuple(dict.fromkeys(phrase for part in parts for phrase in part.phrases)),
        sequence=QuerySequence(tuple(parts), within_ms),
    )


def _query(line: Line, part: Sequence[Term], *, has_operators: bool) -> Query:
    groups = list(groups_of_people(part))
    unwanted = (term for term in part if term.is_negated and term.kind in {Kind.WORD, Kind.PHRASE})
    free = _free(line, _free_terms(part, groups, has_operators=has_operators))
    phrases = (" ".join(clean_words(phrase)) for phrase in _PHRASE.findall(free))
    filters = (Not(term.condition) if term.is_negated else term.condition for term in part if term.condition)
    return Query(
        text=one_spelling(free.replace('"', " ")),
        words=clean_words(_PHRASE.sub(" ", free)),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if phrase)),
        filters=tuple(dict.fromkeys(filters)),
        people=all_of(who for who in map(read_people, groups) if who),
        without=tuple(dict.fromkeys(" ".join(clean_words(term.value)) for term in unwanted)),
        free=free,
    )


def _free_terms(
    part: Sequence[Term], groups: Sequence[Sequence[Term]], *, has_operators: bool
) -> Iterator[Term]:
    """Find what is no operator. A bracket between plain words is punctuation, else the rest of one."""
    in_groups = {term.start for group in groups for term in group}
    for term in part:
        is_left_over = has_operators and term.is_sign
        if not (_is_operator(term) or term.start in in_groups or is_left_over):
            yield term


def _free(line: Line, kept: Iterable[Term]) -> str:
    """Write terms as they were typed: what stood together stands together, quotes are straight."""
    pieces: list[str] = []
    end = 0
    for term in kept:
        pieces += [_piece(line, term)] if term.start == end else [" ", _piece(line, term)]
        end = term.end
    return one_spelling("".join(pieces))


def _piece(line: Line, term: Term) -> str:
    if term.kind is not Kind.PHRASE:
        return line.text[term.start : term.end]
    phrase = one_spelling(term.value)
    return f' "{phrase}" ' if phrase else " "
