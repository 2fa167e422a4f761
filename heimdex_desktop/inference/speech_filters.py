"""Rules that tell what a speech model invented from what it heard.

Whisper answers silence, noise and music with sentences that nobody said, or says one thing over and over
(Koenecke et al., "Careless Whisper: Speech-to-Text Hallucination Harms", 2024; Barański et al.,
"Investigation of Whisper ASR Hallucinations Induced by Non-Speech Audio", 2025). Every rule is pure and
names its source. There is no list of known inventions: people do say "thanks for watching".
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from heimdex_desktop.domain.scene import Segment
from heimdex_desktop.domain.video import TimeSpan

MOST_NO_SPEECH = 0.6
LEAST_MEAN_LOG_PROBABILITY = -1.0
MOST_COMPRESSION = 2.4
MOST_REPEATS = 4
"""So often in a row is a phrase believed: "no, no, no, no" is said, the fifth is a loop."""
MOST_SAME_SEGMENTS = 2
BREATH_MS = 500
"""People who say a sentence again take at least a breath; a model that is stuck does not."""
_LONGEST_PHRASE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model believes to have heard, and how sure it is.

    `no_speech` is the chance (0..1) that nothing is said; `mean_log_probability` (0 or less) the mean
    natural logarithm of the chance of each token.
    """

    segment: Segment
    no_speech: float = 0.0
    mean_log_probability: float = 0.0


def believable(guesses: Iterable[Guess], voiced: Sequence[TimeSpan]) -> Iterator[Segment]:
    """Yield the segments that were probably said, in the same order, freed from loops.

    `voiced` are the stretches in which there is a voice at all. One guess is taken at a time.
    """
    last, count = Segment(TimeSpan(0, 0), ""), 0
    for guess in guesses:
        segment = without_loops(guess.segment)
        if is_silence(guess) or is_unvoiced(segment, voiced) or is_drivel(segment.text):
            continue
        count = count + 1 if is_echo(segment, last) else 1
        last = segment
        if count <= MOST_SAME_SEGMENTS and _plain(segment.text):
            yield segment


def is_silence(guess: Guess) -> bool:
    """Tell a guess in silence: speech is unlikely, and the model is unsure of its words.

    Both limits are those of Whisper's own decoding (Radford et al., "Robust Speech Recognition via
    Large-Scale Weak Supervision", 2022, section 4.5): either alone would leave out quiet speech.
    """
    return guess.no_speech > MOST_NO_SPEECH and guess.mean_log_probability < LEAST_MEAN_LOG_PROBABILITY


def is_unvoiced(segment: Segment, voiced: Iterable[TimeSpan]) -> bool:
    """Tell a segment that lies where nobody speaks.

    Stretches without a voice are where inventions come from (Koenecke et al., 2024), and looking for a
    voice before transcribing avoids them (Bain et al., "WhisperX", 2023; Barański et al., 2025).
    """
    return not any(voice.overlap_ms(segment.span) for voice in voiced)


def is_drivel(text: str) -> bool:
    """Tell a text that repeats itself so much that it compresses too well.

    The measure (bytes by bytes after deflate) and its limit are those of Whisper's own decoding (Radford
    et al., 2022, section 4.5).
    """
    written = text.encode("utf-8", "replace")
    return len(written) > MOST_COMPRESSION * len(zlib.compress(written))


def is_echo(segment: Segment, last: Segment) -> bool:
    """Tell a segment that says the same as the last one without a breath between.

    A model that repeats its own segments is stuck ("delooping" in Barański et al., 2025); that a
    breath tells it from a person is our own rule.
    """
    is_close = segment.span.start_ms - last.span.end_ms < BREATH_MS
    return is_close and _plain(segment.text) == _plain(last.text)


def without_loops(segment: Segment) -> Segment:
    """Say a phrase once that is repeated more than four times in a row.

    Repeated n-grams are a loop of the decoder ("delooping" in Barański et al., 2025). One is kept, for
    it may have been said; words keep their times.
    """
    texts = segment.text.split()
    plain = [_plain(text) for text in texts]
    kept, before = _without_repeats(plain), len(plain)
    # A loop may have loops within: what is left may be one again.
    while len(kept) < before:
        before = len(kept)
        kept = [kept[place] for place in _without_repeats([plain[place] for place in kept])]
    if len(kept) == len(texts):
        return segment
    aligned = len(segment.words) == len(texts)
    words = tuple(segment.words[place] for place in kept) if aligned else ()
    return replace(segment, text=" ".join(texts[place] for place in kept), words=words)


def _without_repeats(texts: Sequence[str]) -> list[int]:
    """Return the places of the texts that are left."""
    kept: list[int] = []
    place = 0
    while place < len(texts):
        length, times = _repeats_at(texts, place)
        kept.extend(range(place, place + length))
        place += length * times
    return kept


def _repeats_at(texts: Sequence[str], place: int) -> tuple[int, int]:
    """Return how long the phrase is that is repeated too often from here on, and how often; else (1, 1)."""
    for length in range(1, _LONGEST_PHRASE_WORDS + 1):
        phrase = texts[place : place + length]
        times = 1
        while texts[place + length * times : place + length * (times + 1)] == phrase:
            times += 1
        if times > MOST_REPEATS:
            return length, times
    return 1, 1


def _plain(text: str) -> str:
    """Return the letters and digits alone, so that case and marks make no difference."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
