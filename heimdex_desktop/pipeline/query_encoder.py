"""Encodes queries in a process of their own, so that neither the window nor the indexing waits for it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from heimdex_desktop.domain.contracts import Picture, Purpose, Vectors
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import VISION, EmbeddingSpace
from heimdex_desktop.pipeline.jobs import ENCODE, ENCODE_PICTURES, OPINION
from heimdex_desktop.pipeline.worker_process import Stopped, Worker


@dataclass(frozen=True, slots=True)
class Who:
    """The encoder of a role and space."""

    role: str
    space: EmbeddingSpace


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts to encode, and by whom."""

    who: Who
    texts: tuple[str, ...]
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class AskedPictures:
    """Pictures to encode into a space."""

    space: EmbeddingSpace
    pictures: tuple[Picture, ...]


class QueryEncoders:
    """The encoders for queries, all behind one worker that takes one question at a time.

    `offered` are the spaces for which there is an encoder, by role, the chosen model's first. Encoders may
    be asked from any thread.
    """

    def __init__(self, worker: Worker, offered: Mapping[str, Sequence[EmbeddingSpace]]) -> None:
        self._worker = worker
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._encoders = {
            role: [QueryEncoder(self, role, space) for space in spaces] for role, spaces in offered.items()
        }

    def __call__(self, role: str, spaces: Sequence[EmbeddingSpace]) -> "QueryEncoder | None":
        """Return the encoder of the first of these spaces that has one; without spaces, the chosen one's."""
        encoders = self._encoders.get(role, ())
        if not spaces:
            return next(iter(encoders), None)
        by_space = {encoder.space: encoder for encoder in encoders}
        return next((by_space[space] for space in spaces if space in by_space), None)

    def pictures(self, spaces: Sequence[EmbeddingSpace]) -> "QueryPictures | None":
        """Return the encoder of pictures for the first of these spaces that has one."""
        offered = {encoder.space for encoder in self._encoders.get(VISION, ())}
        return next((QueryPictures(self, space) for space in spaces if space in offered), None)

    def load(self) -> None:
        """Have every encoder of a chosen model loaded; raises as `QueryEncoder.encode` does."""
        for encoders in self._encoders.values():
            for encoder in encoders[:1]:
                encoder.encode(["warm up"], Purpose.QUERY)

    def run(self, job: str, argument: object) -> Any:
        """Raises HeimdexError, also WorkerCrashed, and Stopped after `close`."""
        with self._turn:
            if self._stop.is_set():
                raise Stopped
            return self._worker.run(job, argument, stop=self._stop, progress=lambda _: None)

    def close(self) -> None:
        """End the worker, also in the middle of its work; may be called on any thread."""
        self._stop.set()
        with self._turn:
            self._worker.close()


class QueryEncoder:
    """A TextEncoder whose network lives behind a worker."""

    def __init__(self, shared: QueryEncoders, role: str, space: EmbeddingSpace) -> None:
        self._shared = shared
        self._who = Who(role, space)

    @property
    def space(self) -> EmbeddingSpace:
        return self._who.space

    @property
    def logistic(self) -> Logistic | None:
        """What the model itself thinks of a cosine; it is asked once, and raises as `encode` does."""
        return self._logistic

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors, shape (len(texts), dimensions).

        Raises HeimdexError, also WorkerCrashed, and Stopped after the encoders were closed.
        """
        vectors = self._shared.run(ENCODE, Asked(self._who, tuple(texts), purpose))
        return np.asarray(vectors, np.float32)

    @cached_property
    def _logistic(self) -> Logistic | None:
        return self._shared.run(OPINION, self._who)


class QueryPictures:
    """A PictureEncoder whose network lives behind the same worker; it is loaded when first asked."""

    def __init__(self, shared: QueryEncoders, space: EmbeddingSpace) -> None:
        self._shared = shared
        self._space = space

    @property
    def space(self) -> EmbeddingSpace:
        return self._space

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        """Return unit vectors, shape (len(pictures), dimensions). Raises as `QueryEncoder.encode` does."""
        vectors = self._shared.run(ENCODE_PICTURES, AskedPictures(self._space, tuple(pictures)))
        return np.asarray(vectors, np.float32)
