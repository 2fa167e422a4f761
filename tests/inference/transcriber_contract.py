"""What every Transcriber owes, whatever it understands: inherit and give `transcriber` and `spoken`."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound, Transcriber
from heimdex_desktop.domain.scene import Segment
from tests.speech import lay_out, music, pink_noise, silence, white_noise

_WHOLE_MS = 24_000
_PLACES_MS = (1_500, 9_000, 17_000)
_TOLERANCE_MS = 300


@dataclass(frozen=True)
class Spoken:
    """A sound that the transcriber under test understands, and what it says."""

    sound: Sound
    text: str
    language: str | None


class TranscriberContract:
    """The tests; the class that inherits gives the fixtures."""

    @pytest.fixture
    def whole(self, spoken: Spoken) -> Sound:
        return lay_out(_WHOLE_MS, [(at_ms, spoken.sound) for at_ms in _PLACES_MS])

    @pytest.fixture
    def segments(self, transcriber: Transcriber, spoken: Spoken, whole: Sound) -> list[Segment]:
        return list(transcriber.transcribe(whole, spoken.language))

    def test_what_is_said_is_written_down_at_its_time(self, segments: list[Segment], spoken: Spoken) -> None:
        length_ms = len(spoken.sound) * 1000 // SOUND_RATE
        assert [segment.text for segment in segments] == [spoken.text] * len(_PLACES_MS)
        for segment, at_ms in zip(segments, _PLACES_MS, strict=True):
            assert segment.span.start_ms == pytest.approx(at_ms, abs=_TOLERANCE_MS)
            assert segment.span.end_ms == pytest.approx(at_ms + length_ms, abs=_TOLERANCE_MS)

    def test_segments_are_in_order_and_within_the_sound(self, segments: list[Segment]) -> None:
        starts_ms = [segment.span.start_ms for segment in segments]
        assert starts_ms == sorted(starts_ms)
        assert all(segment.span.end_ms <= _WHOLE_MS for segment in segments)
        assert all(segment.text == segment.text.strip() != "" for segment in segments)

    def test_words_where_known_make_up_the_segment(self, segments: list[Segment]) -> None:
        for segment in segments:
            assert [word.text for word in segment.words] in ([], segment.text.split())
            starts_ms = [word.span.start_ms for word in segment.words]
            assert starts_ms == sorted(starts_ms)
            assert all(word.span.overlap_ms(segment.span) == word.span.length_ms for word in segment.words)

    def test_the_same_sound_gives_the_same_words(
        self, transcriber: Transcriber, spoken: Spoken, whole: Sound, segments: list[Segment]
    ) -> None:
        assert list(transcriber.transcribe(whole, spoken.language)) == segments

    def test_it_can_be_stopped_after_any_segment_and_asked_again(
        self, transcriber: Transcriber, spoken: Spoken, whole: Sound, segments: list[Segment]
    ) -> None:
        first = list(islice(transcriber.transcribe(whole, spoken.language), 1))
        assert first == segments[:1]
        assert list(transcriber.transcribe(whole, spoken.language)) == segments

    def test_the_sound_itself_stays_as_it_was(
        self, transcriber: Transcriber, spoken: Spoken, whole: Sound
    ) -> None:
        before = whole.copy()
        list(transcriber.transcribe(whole, spoken.language))
        np.testing.assert_array_equal(whole, before)

    def test_the_language_is_found_out(self, transcriber: Transcriber, spoken: Spoken, whole: Sound) -> None:
        assert transcriber.language_of(whole) == (spoken.language or transcriber.language_of(spoken.sound))
        assert list(transcriber.transcribe(whole, None)) == list(
            transcriber.transcribe(whole, spoken.language)
        )

    @pytest.mark.parametrize("nothing", [silence(0), silence(1), silence(20_000)], ids=len)
    def test_where_nothing_is_heard_nothing_is_said(
        self, transcriber: Transcriber, spoken: Spoken, nothing: Sound
    ) -> None:
        assert list(transcriber.transcribe(nothing, spoken.language)) == []
        assert transcriber.language_of(nothing) is None

    @pytest.mark.parametrize("sound", [white_noise, pink_noise, music], ids=lambda sound: sound.__name__)
    def test_noise_and_music_give_no_words(
        self, transcriber: Transcriber, spoken: Spoken, sound: Callable[[int], Sound]
    ) -> None:
        assert list(transcriber.transcribe(sound(20_000), spoken.language)) == []
        assert transcriber.language_of(sound(20_000)) is None
