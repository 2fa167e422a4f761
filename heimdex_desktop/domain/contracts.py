"""The seams: what the pipeline and the search ask of an engine, whoever built it."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import EmbeddingSpace, ScreenText, Segment

Vectors = NDArray[np.float32]
"""Unit-length rows, shape (n, dimensions)."""

Picture = NDArray[np.uint8]
"""Shape (height, width, 3): blue, green, red, upright, with square pixels."""

Sound = NDArray[np.float32]
"""One channel of 16,000 samples a second in -1..1, shape (n,)."""

SOUND_RATE = 16_000
"""Samples a second of every `Sound`."""


class Purpose(StrEnum):
    """What a text is for: some encoders treat a question and a passage differently."""

    PASSAGE = "passage"
    QUERY = "query"


class TextEncoder(Protocol):
    """Turns texts into vectors that lie close when the texts mean the same."""

    @property
    def space(self) -> EmbeddingSpace: ...

    @property
    def logistic(self) -> Logistic | None:
        """What the model itself thinks of a cosine with a picture, None where it was not taught to.

        May load the model, and raise what `encode` does.
        """
        ...

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors of shape (len(texts), space.dimensions), float32; (0, d) for no texts.

        Raises OutOfMemory when the device has no room.
        """
        ...


class PictureEncoder(Protocol):
    """Turns a picture that is the question into a vector that lies close to those of similar pictures."""

    @property
    def space(self) -> EmbeddingSpace: ...

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        """Return unit vectors of shape (len(pictures), space.dimensions), float32. Raises OutOfMemory."""
        ...


class ImageEncoder(Protocol):
    """Turns pictures into vectors that lie close to those of texts about them, in the same space."""

    @property
    def space(self) -> EmbeddingSpace: ...

    @property
    def input_side_px(self) -> int:
        """The longer side of the pictures that it looks at; larger ones are shrunk to it."""
        ...

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        """Return unit vectors of shape (len(pictures), space.dimensions), float32; (0, d) for none.

        Raises OutOfMemory.
        """
        ...


class Transcriber(Protocol):
    """Writes down what is said."""

    def language_of(self, sound: Sound) -> str | None:
        """Return the language spoken, as a BCP 47 tag; None where nothing is said."""
        ...

    def transcribe(self, sound: Sound, language: str | None) -> Iterator[Segment]:
        """Yield what is said, in order, with times from the start of `sound`; nothing for silence or music.

        Work goes on only while it is iterated. Raises OutOfMemory.
        """
        ...


class TextReader(Protocol):
    """Reads what is written in pictures."""

    def read(self, pictures: Sequence[Picture]) -> list[tuple[ScreenText, ...]]:
        """Return the lines of each picture from top to bottom, their `at_ms` being 0. Raises OutOfMemory."""
        ...


class Tagger(Protocol):
    """Names what is in pictures by their vectors."""

    def tags(self, vectors: Vectors) -> list[Mapping[str, float]]:
        """Return for each vector the few tags that hold, with how sure each is (0..1)."""
        ...


class FaceRecogniser(Protocol):
    """Finds faces, and makes vectors of them that lie close when the person is the same."""

    @property
    def space(self) -> EmbeddingSpace | None:
        """The space of the vectors; None where faces are found and not told apart."""
        ...

    @property
    def threshold(self) -> float | None:
        """The cosine above which two faces are probably of one person; None where there is no space."""
        ...

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        """Return the faces of each picture, largest first, each with its vector where there is a space.

        Raises OutOfMemory.
        """
        ...
