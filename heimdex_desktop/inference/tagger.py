"""Names what is in a picture by asking which texts about it lie nearest to its vector."""

from collections.abc import Mapping
from functools import cached_property
from threading import Lock

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.inference.tag_scores import Panel, Scores
from heimdex_desktop.inference.vocabulary import NEUTRAL, Vocabulary

FLOOR = 0.7
"""At this height, three in ten pictures that show nothing of the vocabulary still get a tag, where a model
has no opinion of its own; else fewer."""

MOST_TAGS = 8
_VERSION = 2


class ZeroShotTagger:
    """A Tagger that is not trained, only told in words what its tags mean (Radford et al., 2021).

    A picture gets at most `MOST_TAGS` tags, none of them less sure than `FLOOR`. The words are encoded once,
    at the first use. Safe to share between threads.
    """

    def __init__(self, encoder: TextEncoder, vocabulary: Vocabulary) -> None:
        self._encoder = encoder
        self._names = tuple(tag.name for tag in vocabulary.tags)
        self._vocabulary = vocabulary
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """A short text that differs when the same vectors would get other tags."""
        return f"{self._vocabulary.fingerprint}-{_VERSION}"

    def tags(self, vectors: Vectors) -> list[Mapping[str, float]]:
        """Return for each vector the few tags that hold, surest first; none for a vector of zeros.

        Raises ModelMissing where the encoder's folder is not usable, OutOfMemory.
        """
        if not len(vectors) or not self._names:
            return [{} for _ in vectors]
        with self._lock:
            scores = self._panel.outstanding(vectors)
        there = np.any(vectors, axis=1)
        return [self._named(row) if seen else {} for row, seen in zip(scores, there, strict=True)]

    @cached_property
    def _panel(self) -> Panel:
        questions = [tag.questions for tag in self._vocabulary.tags]
        vectors = self._encoder.encode([text for texts in questions for text in texts], Purpose.PASSAGE)
        counts = np.array([len(texts) for texts in questions])
        means = np.add.reduceat(vectors, np.cumsum(counts) - counts, axis=0) / counts[:, None]
        rivals = np.array([name not in self._general for name in self._names])
        neutral = self._encoder.encode(NEUTRAL, Purpose.PASSAGE)
        logistic = self._encoder.logistic
        return Panel(means.astype(np.float32), neutral, rivals, most=MOST_TAGS, logistic=logistic)

    @cached_property
    def _general(self) -> Mapping[str, list[int]]:
        """For each tag that is true wherever others are, the places of those."""
        members = self._vocabulary.members
        return {name: [self._names.index(member) for member in members[name]] for name in members}

    def _named(self, scores: Scores) -> Mapping[str, float]:
        sure = {name: float(score) for name, score in zip(self._names, scores, strict=True)}
        for name, members in self._general.items():
            sure[name] = max(sure[name], *(float(scores[member]) for member in members), 0.0)
        best = sorted(sure, key=lambda name: -sure[name])[:MOST_TAGS]
        return {name: sure[name] for name in best if sure[name] >= FLOOR}
