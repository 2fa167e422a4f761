"""Everyday talk that no query asks for: what a search has to tell an answer from.

Two thousand scenes and more of one to three sentences each, as people speak them, about fifty topics. They
are put together from the halves of sentences in `chatter.txt`, always in the same way: a topic is a line of
beginnings and a line of endings there, and every beginning goes with every ending.
"""

from pathlib import Path

import numpy as np

_TOPICS = Path(__file__).with_suffix(".txt")
_OPENERS = ("", "", "", "Well, ", "So, ", "You know, ", "Anyway, ", "As I said, ", "I think ", "By the way, ")
_NAMES = ("Uncle ", "Column ")
_SEED = 20


def sentences() -> tuple[tuple[str, ...], ...]:
    """Return the sentences of each topic."""
    lines = _TOPICS.read_text("utf-8").splitlines()
    return tuple(
        tuple(f"{start.strip()} {end.strip()}" for start in starts.split("/") for end in ends.split("/"))
        for starts, ends in zip(lines[::2], lines[1::2], strict=True)
    )


def chatter(count: int) -> tuple[str, ...]:
    """Return so many different transcripts; the first ones are the same for every number."""
    rng, topics = np.random.default_rng(_SEED), sentences()
    told: dict[str, None] = {}
    while len(told) < count:
        topic = topics[int(rng.integers(len(topics)))]
        chosen = rng.choice(len(topic), int(rng.integers(1, 4)), replace=False)
        told[" ".join(_spoken(topic[number], rng) for number in chosen)] = None
    return tuple(told)


def _spoken(sentence: str, rng: np.random.Generator) -> str:
    opener = _OPENERS[int(rng.integers(len(_OPENERS)))]
    is_name = sentence.startswith(_NAMES)
    return f"{opener}{sentence if is_name or not opener else sentence[0].lower() + sentence[1:]}."
