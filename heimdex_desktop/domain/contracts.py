"""The seams: what the pipeline and the search ask of an engine, whoever built it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.scene import EmbeddingSpace

Vectors = NDArray[np.float32]
"""Unit-length rows, shape (n, dimensions)."""


class Purpose(StrEnum):
    """What a text is for: some encoders treat a question and a passage differently."""

    PASSAGE = "passage"
    QUERY = "query"


class TextEncoder(Protocol):
    """Turns texts into vectors that lie close when the texts mean the same."""

    @property
    def space(self) -> EmbeddingSpace: ...

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors of shape (len(texts), space.dimensions), float32; (0, d) for no texts.

        Raises OutOfMemory when the device has no room.
        """
        ...
