"""Who is asked for: by names that have to be met, or by names that stand among the words of a query.

Names were replaced by the ids of those who are called so. How sure it is that somebody is seen decides two
things: where nothing but people is asked for, the order of the scenes; where a name stands among other words,
how far a scene with that person is lifted. A name that has to be met, beside words, orders nothing: every
scene of the answer meets it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.people import Absent, Person, Who, names_asked_for
from heimdex_desktop.domain.people import AllOf as AllThere
from heimdex_desktop.domain.people import AnyOf as AnyThere
from heimdex_desktop.domain.search import Channel, Evidence, FoundScene, Reason
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.clauses import NOTHING, AllOf, AnyOf, Clause, Inverse, Shows

FACE = "face"
_Numbers = NDArray[np.float32]

Sureness = Callable[[Sequence[str]], _Numbers]
"""Returns for each of `n` scenes how sure it is (0..1) that one of these people is seen, 0 where none is."""
IdsOf = Callable[[str], Sequence[str]]
"""Returns the ids of those who go by a name, none where nobody does."""


@dataclass(frozen=True, slots=True)
class WhoQuery:
    """People by their ids.

    `asked` is what has to be met, and `ids` says whom each name in it stands for; `is_alone` where nothing
    but that is asked for. `named` are those whose names stand among the words, and `explained` (0..1) is the
    share of these words that the names are.
    """

    asked: Who | None = None
    ids: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    is_alone: bool = False
    named: tuple[tuple[str, ...], ...] = ()
    explained: float = 0.0

    @property
    def ranks(self) -> bool:
        """Whether scenes are worth a look for who is seen in them alone."""
        return bool(self.named) or self.is_alone

    @property
    def people(self) -> frozenset[str]:
        """All who are asked for to be there."""
        asked = (self.ids.get(name, ()) for name in names_asked_for(self.asked))
        return frozenset(one for group in (*asked, *self.named) for one in group)

    def rated(self, sure: Sureness) -> _Numbers:
        """Return how well each scene answers by who is seen, in 0..1: by the words if they name anybody."""
        return self._by_words(sure) if self.named else self._by_names(sure)

    def evidence(self, candidates: Sequence[Candidate]) -> list[Evidence | None]:
        """Return what this channel says of each scene, None where nobody is seen who is asked for."""
        if not self.people:
            return [None] * len(candidates)

        def sure(people: Sequence[str]) -> _Numbers:
            surest = (max((one.people.get(who, 0.0) for who in people), default=0.0) for one in candidates)
            return np.fromiter(surest, np.float32, len(candidates))

        pairs = zip(self._by_words(sure).tolist(), self._by_names(sure).tolist(), strict=True)
        return [self._evidence(*pair) for pair in pairs]

    def reasons(self, candidate: Candidate, scene: FoundScene) -> Iterator[Reason]:
        """Name who is asked for and seen, the surest first, by id, and tell when they are seen."""
        there = self.people & candidate.people.keys()
        sights = {one.person_id: one.sight for one in scene.people}
        for person in sorted(there, key=lambda one: (-candidate.people[one], one)):
            yield Reason(Channel.WHO, FACE, (person,), candidate.people[person], sights.get(person))

    def _evidence(self, by_words: float, by_names: float) -> Evidence | None:
        if by_words > 0:
            return Evidence(by_words, self.explained)
        return Evidence(by_names, float(self.is_alone)) if by_names > 0 else None

    def _by_words(self, sure: Sureness) -> _Numbers:
        """Return the mean over all who are named, so that a scene with both comes first."""
        found = [sure(people) for people in self.named]
        return np.stack(found).mean(axis=0, dtype=np.float32) if found else np.zeros_like(sure(()))

    def _by_names(self, sure: Sureness) -> _Numbers:
        found = _sureness(self.asked, lambda name: sure(self.ids.get(name, ()))) if self.asked else None
        return np.zeros_like(sure(())) if found is None else found


def clause_of(who: Who, ids_of: IdsOf) -> Clause:
    """Return what a scene has to meet; a name that nobody has is met by none."""
    match who:
        case Person(name):
            people = tuple(ids_of(name))
            return Shows(people) if people else NOTHING
        case AllThere(parts):
            return AllOf(tuple(clause_of(part, ids_of) for part in parts))
        case AnyThere(parts):
            return AnyOf(tuple(clause_of(part, ids_of) for part in parts))
        case Absent(part):
            return Inverse(clause_of(part, ids_of))


def _sureness(who: Who, of: Callable[[str], _Numbers]) -> _Numbers | None:
    """Return how sure it is that all who have to be there are; None where somebody's absence is enough.

    Of several who all have to be there the least sure one counts, of a choice the surest.
    """
    match who:
        case Person(name):
            return of(name)
        case AllThere(parts):
            found = [one for part in parts if (one := _sureness(part, of)) is not None]
            return reduce(np.minimum, found) if found else None
        case AnyThere(parts):
            choices = [one for part in parts if (one := _sureness(part, of)) is not None]
            return reduce(np.maximum, choices) if len(choices) == len(parts) else None
        case Absent():
            return None
