"""Encodes queries in a process of their own, so that neither the window nor the indexing waits for it."""

import threading
from collections.abc import Sequence

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.pipeline.jobs import ENCODE
from heimdex_desktop.pipeline.worker_process import Worker


class QueryEncoder:
    """A TextEncoder whose network lives behind a worker. May be asked from one thread at a time."""

    def __init__(self, worker: Worker, space: EmbeddingSpace) -> None:
        self._worker = worker
        self._space = space
        self._turn = threading.Lock()

    @property
    def space(self) -> EmbeddingSpace:
        return self._space

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors, shape (len(texts), dimensions). Raises HeimdexError, also WorkerCrashed."""
        with self._turn:
            vectors = self._worker.run(
                ENCODE, (list(texts), purpose), stop=threading.Event(), progress=lambda _: None
            )
        return np.asarray(vectors, np.float32)

    def close(self) -> None:
        self._worker.close()
