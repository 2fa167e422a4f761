"""What the encoder of a test does in its child process; importable by the child."""

import os
import time
from collections.abc import Generator

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.pipeline.embedding import Texts, encode_texts
from heimdex_desktop.pipeline.jobs import ENCODE
from heimdex_desktop.pipeline.worker_process import Jobs
from tests.pipeline.workshop import DigestEncoder


def willing() -> Jobs:
    return {ENCODE: encode_texts(DigestEncoder())}


def dies_at_a_query() -> Jobs:
    def run(asked: Texts) -> Generator[float, None, Vectors]:
        if any("onions" in text or "harbour" in text for text in asked[0]):
            os._exit(9)
        return (yield from encode_texts(DigestEncoder())(asked))

    return {ENCODE: run}


def dies_at_once() -> Jobs:
    os._exit(9)


def never_ready() -> Jobs:
    time.sleep(600)
    return {}
