"""Says what in a query was not understood, and what to type instead."""

from collections.abc import Iterator, Sequence

from heimdex_desktop.domain.query_filters import complaint
from heimdex_desktop.domain.query_line import Line
from heimdex_desktop.domain.query_people import groups_of_people
from heimdex_desktop.domain.query_terms import Kind, Term
from heimdex_desktop.domain.search import Note

_LONGEST_VALUE_CHARACTERS = 40
_LONELY_ARROW = "“>>” wants something to look for on both sides, such as snow >> fire."
_NOT_THESE_WORDS = 'Brackets join people only. To leave words out, write -word or -"these words".'
_LONELY_OR = "“OR” joins people only, such as @Minji OR @Jun; here it is a word to look for."


def notes(line: Line, found: Sequence[Term], *, is_sequence: bool) -> Iterator[Note]:
    """Find what looks like an operator and is none, in order."""
    in_groups = {term.start for group in groups_of_people(found) for term in group}
    for term in found:
        sentence = _complaint(line, term)
        if term.kind is Kind.ARROW and not is_sequence:
            sentence = _LONELY_ARROW
        if term.start not in in_groups and term.kind is Kind.OPEN and term.is_negated:
            sentence = _NOT_THESE_WORDS
        if term.start not in in_groups and line.text[term.start : term.end] == "OR":
            sentence = _LONELY_OR
        if sentence:
            yield Note(*line.typed_span(term.start, term.end), sentence)


def _complaint(line: Line, term: Term) -> str | None:
    if term.kind is not Kind.WORD or not term.operator:
        return None
    value = line.text[line.shape.index(":", term.start) + 1 : term.end]
    if len(value) > _LONGEST_VALUE_CHARACTERS:
        value = f"{value[:_LONGEST_VALUE_CHARACTERS]}…"
    return complaint(term.operator, value)
