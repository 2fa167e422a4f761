"""Who is known by name: whom a typed name stands for, and what somebody who was found is called now."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from heimdex_desktop.domain.people import folded_name, name_parts, names_of
from heimdex_desktop.domain.query import names_typed
from heimdex_desktop.domain.query_completion import Offer
from heimdex_desktop.domain.search import Answer, Channel, FoundScene, Hit, Note, Query, Reason
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import folded_words
from heimdex_desktop.index.stop_words import FILLER_WORDS, STOP_WORDS
from heimdex_desktop.index.who import WhoQuery

_MOST_OFFERED = 1_000
_LONGEST_NAME_WORDS = 6
_LONGEST_NAME_CHARACTERS = 40
_WHAT_TO_DO = "Give somebody this name on the page about people, or leave it out."
_SAYING_LITTLE = STOP_WORDS | FILLER_WORDS

NamesOfPeople = Mapping[str, tuple[str, ...]]
"""Every name with the ids of those who are called so: those whose first name it is come first.

Of the names of one person, the one by which they are shown comes first.
"""
ReadNames = Callable[[], NamesOfPeople]
"""Returns everybody who is known at this moment. Asked at every search."""


def nobody() -> NamesOfPeople:
    """Stand for people where none are known."""
    return {}


class KnownPeople:
    """Names as they were at one moment."""

    def __init__(self, names: NamesOfPeople) -> None:
        self._ids: dict[str, tuple[str, ...]] = {}
        self._by_words: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._by_part: dict[str, tuple[str, ...]] = {}
        self._spelt: dict[str, list[str]] = {}
        for name, people in names.items():
            self._note(name, people)
        self._shown = {
            person: next((name for name in mine if names[name][0] == person), mine[0])
            for person, mine in self._spelt.items()
        }

    @property
    def is_empty(self) -> bool:
        return not self._ids

    def ids_of(self, name: str) -> tuple[str, ...]:
        """Return those who are called so, by their name or another one, however it is spelled.

        Where nobody is, a part of a name is enough: “Katy” for Katy Perry, unless it says as little as “the”.
        Where nobody is either, a particle that Korean glues to a name is left out.
        """
        for key in _with_and_without_particle(folded_name(name), lambda term: term.core):
            if found := self._ids.get(key) or self._by_part.get(key):
                return found
        return ()

    def name_of(self, person_id: str) -> str | None:
        """Return the name by which somebody is shown; None where nobody is known by this id."""
        return self._shown.get(person_id)

    def similar_to(self, name: str) -> str | None:
        """Return the name of somebody who may be meant by one that nobody has."""
        similar = get_close_matches(folded_name(name), self._ids, 1)
        return self.name_of(self._ids[similar[0]][0]) if similar else None

    def ask(self, query: Query, *, is_alone: bool) -> WhoQuery:
        """Find the people that a query asks for; quoted phrases name nobody, since they are spoken words."""
        named, explained = self._named(query) if self._by_words else ((), 0.0)
        ids = {name: self.ids_of(name) for name in names_of(query.people)}
        return WhoQuery(query.people, ids, is_alone, named, explained)

    def offers(self, counts: Mapping[str, int]) -> tuple[Offer, ...]:
        """Return everybody to choose from while one types, those of the most scenes first."""
        shown = sorted(self._shown, key=lambda person: -counts.get(person, 0))
        return tuple(Offer.of(self._shown[one], *self._spelt[one]) for one in shown[:_MOST_OFFERED])

    def named(self, answer: Answer) -> Answer:
        """Return an answer in which people are called as they are now; who is not known is left out."""
        return replace(answer, hits=tuple(map(self._hit, answer.hits)))

    def scene(self, scene: FoundScene) -> FoundScene:
        """Return a scene in which people are called as they are now; who is not known is left out."""
        if not scene.people:
            return scene
        pairs = ((one, self.name_of(one.person_id)) for one in scene.people)
        return replace(scene, people=tuple(replace(one, name=name) for one, name in pairs if name))

    def _note(self, name: str, people: tuple[str, ...]) -> None:
        if key := folded_name(name):
            self._ids[key] = tuple(dict.fromkeys((*self._ids.get(key, ()), *people)))
        for part in name_parts(name) - _SAYING_LITTLE:
            self._by_part[part] = tuple(dict.fromkeys((*self._by_part.get(part, ()), *people)))
        words = folded_words(key)
        if words and not (len(words) == 1 and words[0] in _SAYING_LITTLE):
            self._by_words[words] = tuple(dict.fromkeys((*self._by_words.get(words, ()), *people)))
        for person in people:
            self._spelt.setdefault(person, []).append(name)

    def _named(self, query: Query) -> tuple[tuple[tuple[str, ...], ...], float]:
        """Return whom the words name, and the share of the telling words that these names are."""
        folded = [word for typed in query.words for word in folded_words(folded_name(typed))]
        found: list[tuple[str, ...]] = []
        telling = naming = place = 0
        while place < len(folded):
            length, people = self._name_at(folded, place)
            if length:
                found.append(people)
                naming += length
            telling += length or folded[place] not in _SAYING_LITTLE
            place += length or 1
        telling += sum(len(folded_words(phrase)) for phrase in query.phrases)
        return tuple(dict.fromkeys(found)), naming / telling if found else 0.0

    def _name_at(self, folded: list[str], place: int) -> tuple[int, tuple[str, ...]]:
        """Return how many words the longest name has that begins here, and whose it is; 0 where none does."""
        for length in range(min(_LONGEST_NAME_WORDS, len(folded) - place), 0, -1):
            *first, last = folded[place : place + length]
            for word in _with_and_without_particle(last, lambda term: term.noun):
                if people := self._by_words.get((*first, word)):
                    return length, people
        return 0, ()

    def _hit(self, hit: Hit) -> Hit:
        near, copies, then = (tuple(map(self.scene, one)) for one in (hit.near, hit.copies, hit.then))
        because = tuple(self._reasons(hit))
        return replace(hit, scene=self.scene(hit.scene), because=because, near=near, copies=copies, then=then)

    def _reasons(self, hit: Hit) -> Iterator[Reason]:
        for reason in hit.because:
            if reason.channel is not Channel.WHO:
                yield reason
                continue
            names = tuple(name for person in reason.words if (name := self.name_of(person)))
            if names:
                yield replace(reason, words=names)


class People:
    """Knows everybody as they are called now. For one thread."""

    def __init__(self, names: ReadNames) -> None:
        self._read = names
        self._last: tuple[NamesOfPeople, KnownPeople] = {}, KnownPeople({})

    @property
    def known(self) -> KnownPeople:
        names = self._read()
        if names != self._last[0]:
            self._last = names, KnownPeople(names)
        return self._last[1]

    def ids_of(self, name: str) -> tuple[str, ...]:
        """Return those who are called so now."""
        return self.known.ids_of(name)


def unknown_people(typed: str, known: KnownPeople) -> Iterator[Note]:
    """Say of each name in a typed query that nobody has it, and what to do."""
    for name, start, end in names_typed(typed):
        if not known.ids_of(name):
            similar = known.similar_to(name)
            advice = f"Did you mean “{similar}”?" if similar else _WHAT_TO_DO
            yield Note(start, end, f"Nobody is called “{_shortened(name)}”. {advice}")


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME_CHARACTERS else f"{name[:_LONGEST_NAME_CHARACTERS]}…"


def _with_and_without_particle(folded: str, without: Callable[[Term], str]) -> Iterator[str]:
    """Yield a name as it is typed, then without what Korean glues to it: a particle, the 이 before one."""
    yield folded
    term = Term.of(folded)
    if not term.is_glued:
        return
    bare = without(term)
    if bare != folded:
        yield bare
        # 지은 is spoken of as 지은이 too, since it ends in a consonant.
        if bare.endswith("이") and _ends_in_consonant(bare[:-1]):
            yield bare[:-1]


def _ends_in_consonant(korean: str) -> bool:
    """Tell it by the place of the last syllable in Unicode: after each that has none come 27 with one."""
    last = ord(korean[-1:] or " ")
    return ord("가") <= last <= ord("힣") and (last - ord("가")) % 28 != 0
