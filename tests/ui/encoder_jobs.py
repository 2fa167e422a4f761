"""What the encoder of a test does in its child process; importable by the child."""

import os
import time
from collections.abc import Callable, Generator

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.pipeline.embedding import encode_queries
from heimdex_desktop.pipeline.jobs import ENCODE, ENCODE_PICTURES, OPINION
from heimdex_desktop.pipeline.query_encoder import Asked, AskedPictures, Who
from heimdex_desktop.pipeline.worker_process import Jobs
from tests.pipeline.workshop import DigestEncoder

LOOKS = EmbeddingSpace("looks", "1", 64)


def look(number: int, *, seed: int) -> Vectors:
    """Return the unit vector of a picture: the way its number points, and a little anywhere."""
    row = np.random.default_rng(seed).normal(0.0, 0.05, LOOKS.dimensions)
    row[number % LOOKS.dimensions] += 1.0
    return (row / np.linalg.norm(row)).astype(np.float32)


def willing() -> Jobs:
    return {ENCODE: encode_queries(_encoder), ENCODE_PICTURES: _look_at, OPINION: _without_opinion}


def dies_at_a_picture() -> Jobs:
    return {**willing(), ENCODE_PICTURES: _die}


def _encoder(role: str, space: EmbeddingSpace) -> TextEncoder:
    return DigestEncoder(space)


def _look_at(asked: AskedPictures) -> Generator[float, None, Vectors]:
    yield 1.0
    return np.stack([look(int(picture[0, 0, 0]), seed=7) for picture in asked.pictures])


def _without_opinion(who: Who) -> Generator[float]:
    yield 1.0


def _die(asked: AskedPictures) -> Generator[float]:
    os._exit(9)
    yield 1.0


def dies_at_a_query() -> Jobs:
    def run(asked: Asked) -> Generator[float, None, Vectors]:
        if any("onions" in text or "harbour" in text for text in asked.texts):
            os._exit(9)
        return (yield from encode_queries(_encoder)(asked))

    return {ENCODE: run}


def dies_at_a_line() -> Jobs:
    return _at_a_line(lambda: os._exit(9))


def breaks_at_a_line() -> Jobs:
    def break_it() -> None:
        raise LookupError

    return _at_a_line(break_it)


def _at_a_line(act: Callable[[], None]) -> Jobs:
    def run(asked: Asked) -> Generator[float, None, Vectors]:
        if asked.purpose is Purpose.PASSAGE and any("onions" in text for text in asked.texts):
            act()
        return (yield from encode_queries(_encoder)(asked))

    return {ENCODE: run}


def dies_at_once() -> Jobs:
    os._exit(9)


def never_ready() -> Jobs:
    time.sleep(600)
    return {}
