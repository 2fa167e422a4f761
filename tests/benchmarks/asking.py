"""Asks a stored library its queries in every way: each channel alone, and by each fusion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from heimdex_desktop.domain.contracts import TextEncoder
from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace
from heimdex_desktop.domain.search import Answer, Channel, Channels, Verdict
from heimdex_desktop.index.fusion import AS_IT_IS, Faders, Fusion, calibrated, raw_cosines, reciprocal_ranks
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from tests.benchmarks.libraries import Stored, Wanted, product_tag_words
from tests.benchmarks.measures import ranking_of, score

CALIBRATED = "calibrated"
RAW = "raw cosines"
FUSIONS: Mapping[str, Fusion] = {
    CALIBRATED: calibrated,
    RAW: raw_cosines,
    "reciprocal ranks": reciprocal_ranks,
}
EXACT = "said, exact words"


@dataclass(slots=True)
class _Alone:
    """A fusion of one channel: its cosine where it has one and is asked for it, else its score."""

    channel: Channel
    by_cosine: bool = False

    def __call__(self, scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
        return [self._of(channels) for channels in scenes]

    def _of(self, channels: Channels) -> float:
        found = channels.get(self.channel)
        if found is None:
            return 0.0
        return max(0.0, found.cosine or 0.0) if self.by_cosine else found.score


ALONE: Mapping[str, Fusion] = {
    "said, meaning": _Alone(Channel.SAID, by_cosine=True),
    "seen": _Alone(Channel.SEEN, by_cosine=True),
    "tags": _Alone(Channel.TAGS),
    "text": _Alone(Channel.TEXT),
}
CHANNELS = (EXACT, *ALONE)
WAYS = (*CHANNELS, *FUSIONS)


@dataclass(slots=True)
class _Chosen:
    """The fusion of a searcher, which can be changed between two answers."""

    fusion: Fusion = calibrated

    def __call__(self, scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
        return self.fusion(scenes, faders)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a query: its measures and its time by each way (no measures where nothing answers it)."""

    wanted: Wanted
    verdict: Verdict
    best: float
    scores: Mapping[str, Sequence[float]]
    took_ms: Mapping[str, float]


class Asker:
    """Asks one library. Times are of the whole search, with the query's vectors remembered."""

    def __init__(self, stored: Stored, text: TextEncoder) -> None:
        self._stored = stored
        self._chosen = _Chosen()
        tag_words = product_tag_words()

        def encoders(role: str, spaces: Sequence[EmbeddingSpace]) -> TextEncoder | None:
            return text if role == TEXT else stored.library.vision

        self._searcher = Searcher(stored.folder, encoders, tag_words, fusion=self._chosen)
        self._by_words = Searcher(stored.folder, no_encoder, tag_words, fusion=_Alone(Channel.SAID))

    def ask(self, wanted: Wanted) -> Asked:
        """Ask one query in every way; its verdict is the product's."""
        # Once for the vectors, which the timed searches then remember.
        self._chosen.fusion = calibrated
        self._searcher.search(wanted.text)
        answers: dict[str, Answer] = {}
        took_ms: dict[str, float] = {}
        for way, fusion in FUSIONS.items():
            self._chosen.fusion = fusion
            answers[way], took_ms[way] = _timed(self._searcher, wanted.text)
        for way, fusion in ALONE.items():
            self._chosen.fusion = fusion
            answer = self._searcher.remix(wanted.text, faders=AS_IT_IS)
            assert answer
            answers[way] = answer
        answers[EXACT], took_ms[EXACT] = _timed(self._by_words, wanted.text)
        right = self._stored.right(wanted)
        scores = {way: score(ranking_of(answers[way]), right) for way in WAYS} if right else {}
        best = answers[CALIBRATED].hits[0].score if answers[CALIBRATED].hits else 0.0
        return Asked(wanted, answers[CALIBRATED].verdict, best, scores, took_ms)


def _timed(searcher: Searcher, text: str) -> tuple[Answer, float]:
    began = perf_counter()
    answer = searcher.search(text)
    return answer, (perf_counter() - began) * 1000
