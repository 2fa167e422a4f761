"""Encodes queries in a process of their own, so that neither the window nor the indexing waits for it."""

import threading
from collections.abc import Sequence

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.pipeline.jobs import ENCODE
from heimdex_desktop.pipeline.worker_process import Stopped, Worker


class QueryEncoder:
    """A TextEncoder whose network lives behind a worker. May be asked from one thread at a time."""

    def __init__(self, worker: Worker, space: EmbeddingSpace) -> None:
        self._worker = worker
        self._space = space
        self._turn = threading.Lock()
        self._stop = threading.Event()

    @property
    def space(self) -> EmbeddingSpace:
        return self._space

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors, shape (len(texts), dimensions).

        Raises HeimdexError, also WorkerCrashed, and Stopped after `close`.
        """
        with self._turn:
            if self._stop.is_set():
                raise Stopped
            vectors = self._worker.run(
                ENCODE, (list(texts), purpose), stop=self._stop, progress=lambda _: None
            )
        return np.asarray(vectors, np.float32)

    def close(self) -> None:
        """End the worker, also in the middle of its work; may be called on any thread."""
        self._stop.set()
        with self._turn:
            self._worker.close()
