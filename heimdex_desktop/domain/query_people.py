"""Makes a tree of the people in a query, out of names, "and", "or", "not" and brackets."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from heimdex_desktop.domain.people import Person, Who, absent, all_of, any_of
from heimdex_desktop.domain.query_terms import Kind, Term

DEEPEST_BRACKETS = 8
"""Brackets further inside are overlooked: nobody types them, and a tree must not be too deep to walk."""

_KINDS = frozenset({Kind.PERSON, Kind.JOINT, Kind.OPEN, Kind.CLOSE})


def groups_of_people(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """Find the runs of terms that are about people; a joint that has people on one side only is in none."""
    for is_about_people, run in groupby(terms, key=lambda term: term.kind in _KINDS):
        kept = _trimmed(list(run)) if is_about_people else []
        if kept:
            yield kept


def read_people(group: Sequence[Term]) -> Who | None:
    """Make a tree of such a run. "And" binds closer than "or" and need not be typed; gaps are passed over."""
    return _Reader(_balanced(group)).any_of_all()


def _trimmed(run: list[Term]) -> Sequence[Term]:
    """Leave out what stands outside of the first and last person but the brackets around them."""
    people = [number for number, term in enumerate(run) if term.kind is Kind.PERSON]
    if not people:
        return ()
    first, last = people[0], people[-1] + 1
    while first and run[first - 1].kind is Kind.OPEN:
        first -= 1
    while last < len(run) and run[last].kind is Kind.CLOSE:
        last += 1
    return run[first:last]


def _balanced(group: Sequence[Term]) -> Sequence[Term]:
    """Leave out closing brackets that were never opened, and pairs too deep inside."""
    kept: list[Term] = []
    depth = 0
    for term in group:
        depth -= term.kind is Kind.CLOSE
        is_bracket = term.kind in {Kind.OPEN, Kind.CLOSE}
        if not is_bracket or 0 <= depth < DEEPEST_BRACKETS:
            kept.append(term)
        depth = max(0, depth + (term.kind is Kind.OPEN))
    return kept


class _Reader:
    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._place = 0

    def any_of_all(self) -> Who | None:
        choices = [self._all()]
        while self._next_is(Kind.JOINT):
            self._place += 1
            choices.append(self._all())
        return any_of(choice for choice in choices if choice)

    def _all(self) -> Who | None:
        """Read up to an "or" or the end of the brackets."""
        parts: list[Who] = []
        while self._place < len(self._terms) and not self._next_is(Kind.CLOSE):
            term = self._terms[self._place]
            if term.kind is Kind.JOINT and term.value != "and":
                break
            self._place += 1
            part = self._one(term)
            if part:
                parts.append(part)
        return all_of(parts)

    def _one(self, term: Term) -> Who | None:
        if term.kind is Kind.PERSON:
            part = Person(term.value)
        elif term.kind is Kind.OPEN:
            part = self.any_of_all()
            self._place += self._next_is(Kind.CLOSE)
        else:
            part = None
        return absent(part) if part and term.is_negated else part

    def _next_is(self, kind: Kind) -> bool:
        return self._place < len(self._terms) and self._terms[self._place].kind is kind
