"""Judges a scene by every channel, and says why it matched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.search import Channel, Channels, Evidence, Hit, Reason
from heimdex_desktop.index.candidates import Candidate
from heimdex_desktop.index.exact_words import Matcher, exactness, marked_words
from heimdex_desktop.index.fusion import GOOD_FROM, said
from heimdex_desktop.index.likeness import Likeness
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.screen_match import ScreenQuery
from heimdex_desktop.index.tag_words import TagQuery

EXACT_WORDS = "exact words"
SIMILAR_MEANING = "similar meaning"
PICTURE = "picture"
SIMILAR_SPELLING = "similar spelling"
TAG = "tag"
_TELLING_LIKENESS = 0.4


@dataclass(frozen=True, slots=True)
class Question:
    """A query made ready for every channel; `weights` belong to the matcher's terms.

    `unwanted` are looks that the scene should not have.
    """

    matcher: Matcher
    weights: tuple[float, ...]
    tags: TagQuery
    meaning: Likeness | None
    sight: Likeness | None
    screen: ScreenQuery
    unwanted: tuple[Likeness, ...] = ()

    @property
    def columns(self) -> tuple[VectorColumn, ...]:
        """The vectors that a scene is judged by."""
        likenesses = (one for one in (self.meaning, self.sight, *self.unwanted) if one)
        return tuple(dict.fromkeys(one.ray.column for one in likenesses))

    def judge(self, candidate: Candidate) -> "Judged":
        """Return what each channel that the scene has says of the question."""
        exact = exactness(self.matcher, self.weights, candidate.words)
        meaning = self.meaning.worth(candidate) if self.meaning else None
        channels: dict[Channel, Evidence] = {}
        if candidate.words:
            cosine = self.meaning.cosine(candidate) if self.meaning else None
            channels[Channel.SAID] = Evidence(said(exact, meaning), cosine=cosine)
        seen = self.sight.worth(candidate) if self.sight else None
        if self.sight and seen is not None:
            channels[Channel.SEEN] = Evidence(seen, cosine=self.sight.cosine(candidate))
        if candidate.screen:
            channels[Channel.TEXT] = self.screen.evidence(candidate.screen)
        if candidate.scene.tags and self.tags.needs:
            tags = self.tags
            channels[Channel.TAGS] = Evidence(tags.score(candidate.scene.tags), tags.explained)
        return Judged(candidate, meaning, channels, wanted(self.unwanted, candidate))

    def hit(self, rank: int, score: float, judged: "Judged") -> Hit:
        """Return a scene as it is shown: with its scores, and the words that say why."""
        found = judged.channels
        return Hit(
            rank=rank,
            score=score,
            scene=judged.candidate.scene,
            channels={channel: found[channel].score if channel in found else None for channel in Channel},
            because=tuple(self._reasons(judged)),
        )

    def _reasons(self, judged: "Judged") -> Iterable[Reason]:
        words = marked_words(self.matcher, judged.candidate.scene.transcript)
        tags = judged.candidate.scene.tags
        shown = tuple(tag for tag in self.tags.tags if tags.get(tag, 0.0) > 0)
        written = tuple(self._reasons_on_screen(judged))
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

    def _reasons_on_screen(self, judged: "Judged") -> Iterable[Reason]:
        same, similar = self.screen.telling_words(judged.candidate.scene.screen_text, self.matcher)
        if same:
            yield Reason(Channel.TEXT, EXACT_WORDS, same)
        if similar:
            yield Reason(Channel.TEXT, SIMILAR_SPELLING, similar)


@dataclass(frozen=True, slots=True)
class Judged:
    """A scene with what its channels say; `meaning` is what its words are worth by meaning alone.

    Its score counts for a share of `wanted` (0..1): less, the more it looks like what is not wanted.
    """

    candidate: Candidate
    meaning: float | None
    channels: Channels
    wanted: float = 1.0


def wanted(unwanted: Sequence[Likeness], candidate: Candidate) -> float:
    """Return the share of a scene's score that is left after all it should not look like, in 0..1.

    A scene that convincingly looks like any of it is not wanted at all.
    """
    worth = max((one.worth(candidate) or 0.0 for one in unwanted), default=0.0)
    return 0.0 if worth >= GOOD_FROM else 1.0 - worth
