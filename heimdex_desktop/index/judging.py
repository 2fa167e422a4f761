"""Judges a scene by every channel, and says why it matched."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from heimdex_desktop.domain.search import Channel, Channels, Evidence, FoundScene, Hit, Reason
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.exact_words import Matcher, exactness, marked_words
from heimdex_desktop.index.fusion import GOOD_FROM, said
from heimdex_desktop.index.likeness import Likeness, Nearness
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.screen_match import ScreenQuery
from heimdex_desktop.index.tag_words import TagQuery
from heimdex_desktop.index.who import WhoQuery

EXACT_WORDS = "exact words"
SIMILAR_MEANING = "similar meaning"
PICTURE = "picture"
SIMILAR_SPELLING = "similar spelling"
TAG = "tag"
_TELLING_LIKENESS = 0.4


@dataclass(frozen=True, slots=True)
class Question:
    """A query made ready for every channel; `weights` belong to the matcher's terms.

    `unwanted` are looks that the scene should not have. What it should be `alike` to is a question too.
    """

    matcher: Matcher
    weights: tuple[float, ...]
    tags: TagQuery
    meaning: Likeness | None
    sight: Likeness | None
    screen: ScreenQuery
    who: WhoQuery = field(default_factory=WhoQuery)
    unwanted: tuple[Likeness, ...] = ()
    alike: "Question | None" = None

    @property
    def columns(self) -> tuple[VectorColumn, ...]:
        """The vectors that a scene is judged by."""
        likenesses = (one for one in (self.meaning, self.sight, *self.unwanted) if one)
        columns = [one.ray.column for one in likenesses] + list(self.alike.columns if self.alike else ())
        return tuple(dict.fromkeys(columns))

    def judge(self, candidates: Sequence[Candidate]) -> "list[Judged]":
        """Return what each channel that a scene has says of the question."""
        meanings, sights = _nearness(self.meaning, candidates), _nearness(self.sight, candidates)
        shares = wanted(self.unwanted, candidates)
        judged = [self._judge(*one) for one in zip(candidates, meanings, sights, shares, strict=True)]
        judged = [_with_who(*one) for one in zip(judged, self.who.evidence(candidates), strict=True)]
        if self.alike is None:
            return judged
        alike = self.alike.judge(candidates)
        return [replace(one, alike=other) for one, other in zip(judged, alike, strict=True)]

    def _judge(self, candidate: Candidate, meaning: Nearness, seen: Nearness, share: float) -> "Judged":
        exact = exactness(self.matcher, self.weights, candidate.said)
        channels: dict[Channel, Evidence] = {}
        # Another scene may be asked about that says nothing.
        is_about_words = bool(self.matcher.terms or self.meaning)
        if candidate.said and is_about_words:
            channels[Channel.SAID] = Evidence(said(exact, meaning.worth), cosine=meaning.cosine)
        if seen.worth is not None:
            channels[Channel.SEEN] = Evidence(seen.worth, cosine=seen.cosine)
        if candidate.shown and is_about_words:
            channels[Channel.TEXT] = self.screen.evidence(candidate.row, candidate.shown)
        if candidate.tags and self.tags.needs:
            tags = self.tags
            channels[Channel.TAGS] = Evidence(tags.score(candidate.tags), tags.explained)
        return Judged(candidate, meaning.worth, channels, share)

    def hit(self, rank: int, score: float, judged: "Judged", scene: FoundScene) -> Hit:
        """Return a scene as it is shown: with its scores, and the words that say why."""
        scores = judged.scores()
        return Hit(
            rank=rank,
            score=score,
            scene=scene,
            channels={channel: scores.get(channel) for channel in Channel},
            because=tuple(dict.fromkeys(self.reasons(judged, scene))),
        )

    def reasons(self, judged: "Judged", scene: FoundScene) -> Iterable[Reason]:
        """Say why a scene matched the words, then why it matched what it should be alike to."""
        yield from self._reasons(judged, scene)
        if self.alike and judged.alike:
            yield from self.alike.reasons(judged.alike, scene)

    def _reasons(self, judged: "Judged", scene: FoundScene) -> Iterable[Reason]:
        # Most scenes are found by other things than words, and looking for these takes longest.
        is_said = any(self.matcher.places(judged.candidate.said))
        words = marked_words(self.matcher, scene.transcript) if is_said else ()
        shown = tuple(tag for tag in self.tags.tags if scene.tags.get(tag, 0.0) > 0)
        yield from self.who.reasons(judged.candidate, scene)
        is_shown = judged.candidate.row in self.screen.rows
        written = tuple(self._reasons_on_screen(scene)) if is_shown else ()
        if words:
            yield Reason(Channel.SAID, EXACT_WORDS, words)
        yield from written
        meaning = judged.meaning or 0.0
        seen = judged.channels.get(Channel.SEEN, Evidence(0.0)).score
        is_alone = not (words or shown or written)
        if meaning >= _TELLING_LIKENESS or (meaning and is_alone and meaning >= seen):
            yield Reason(Channel.SAID, SIMILAR_MEANING)
        if seen >= _TELLING_LIKENESS or (is_alone and seen > meaning):
            yield Reason(Channel.SEEN, PICTURE)
        if shown:
            yield Reason(Channel.TAGS, TAG, shown)

    def _reasons_on_screen(self, scene: FoundScene) -> Iterable[Reason]:
        same, similar = self.screen.telling_words(scene.screen_text, self.matcher)
        if same:
            yield Reason(Channel.TEXT, EXACT_WORDS, same)
        if similar:
            yield Reason(Channel.TEXT, SIMILAR_SPELLING, similar)


@dataclass(frozen=True, slots=True)
class Judged:
    """A scene with what its channels say; `meaning` is what its words are worth by meaning alone.

    Its score counts for a share of `wanted` (0..1): less, the more it looks like what is not wanted. `alike`
    is how it answers what it should be alike to, where words are asked as well.
    """

    candidate: Candidate
    meaning: float | None
    channels: Channels
    wanted: float = 1.0
    alike: "Judged | None" = None

    def scores(self) -> Mapping[Channel, float]:
        """Return what each channel says; of two answers of one channel, their geometric mean."""
        own = {channel: found.score for channel, found in self.channels.items()}
        other = self.alike.scores() if self.alike else {}
        both = {channel: math.sqrt(own[channel] * other[channel]) for channel in own.keys() & other.keys()}
        return {**own, **other, **both}


def wanted(unwanted: Sequence[Likeness], candidates: Sequence[Candidate]) -> list[float]:
    """Return the share of each scene's score that is left after all it should not look like, in 0..1.

    A scene that convincingly looks like any of it is not wanted at all.
    """
    worst = [0.0] * len(candidates)
    for likeness in unwanted:
        worst = [max(old, new.worth or 0.0) for old, new in zip(worst, likeness.of(candidates), strict=True)]
    return [0.0 if worth >= GOOD_FROM else 1.0 - worth for worth in worst]


def _with_who(judged: Judged, who: Evidence | None) -> Judged:
    return replace(judged, channels={**judged.channels, Channel.WHO: who}) if who else judged


def _nearness(likeness: Likeness | None, candidates: Sequence[Candidate]) -> list[Nearness]:
    return likeness.of(candidates) if likeness else [Nearness()] * len(candidates)
