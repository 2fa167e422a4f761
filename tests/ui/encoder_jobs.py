"""What the encoder of a test does in its child process; importable by the child."""

import os
import time
from collections.abc import Generator

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.pipeline.embedding import encode_queries
from heimdex_desktop.pipeline.jobs import ENCODE
from heimdex_desktop.pipeline.query_encoder import Asked
from heimdex_desktop.pipeline.worker_process import Jobs
from tests.pipeline.workshop import DigestEncoder


def willing() -> Jobs:
    return {ENCODE: encode_queries(_encoder)}


def _encoder(role: str, space: EmbeddingSpace) -> TextEncoder:
    return DigestEncoder(space)


def dies_at_a_query() -> Jobs:
    def run(asked: Asked) -> Generator[float, None, Vectors]:
        if any("onions" in text or "harbour" in text for text in asked.texts):
            os._exit(9)
        return (yield from encode_queries(_encoder)(asked))

    return {ENCODE: run}


def dies_at_a_line() -> Jobs:
    def run(asked: Asked) -> Generator[float, None, Vectors]:
        if asked.purpose is Purpose.PASSAGE and any("onions" in text for text in asked.texts):
            os._exit(9)
        return (yield from encode_queries(_encoder)(asked))

    return {ENCODE: run}


def dies_at_once() -> Jobs:
    os._exit(9)


def never_ready() -> Jobs:
    time.sleep(600)
    return {}
