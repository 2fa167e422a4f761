"""What was heard so far survives, and nothing that is read of it is believed unchecked."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.scene import Segment, Word
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.library.drafts import Drafts, SpeechDraft
from heimdex_desktop.library.places import Places

VIDEO, OTHER = (VideoId(f"5d0edd3f-0000-0000-0000-00000000000{number}") for number in range(2))
DRAFT = SpeechDraft(
    61_240,
    "ko",
    (
        Segment(TimeSpan(1_204, 3_000), "불을 약하게", (Word(TimeSpan(1_204, 2_000), "불을"),)),
        Segment(TimeSpan(3_000, 4_000), "Fish."),
    ),
)

times_ms = st.integers(0, 36_000_000)
spans = st.tuples(times_ms, times_ms).map(lambda pair: TimeSpan(min(pair), max(pair)))
words = st.lists(st.builds(Word, spans, st.text(max_size=9)), max_size=3).map(tuple)
segments = st.builds(Segment, spans, st.text(max_size=30), words)
speech_drafts = st.builds(
    SpeechDraft, times_ms, st.none() | st.text(max_size=5), st.lists(segments, max_size=4).map(tuple)
)


@pytest.fixture
def drafts(places: Places) -> Drafts:
    return Drafts(places)


@pytest.fixture
def file(places: Places) -> Path:
    return places.drafts / f"{VIDEO}.speech.json"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(speech_drafts, st.text(max_size=9))
def test_a_draft_survives_the_round_trip(drafts: Drafts, draft: SpeechDraft, fingerprint: str) -> None:
    drafts.save(VIDEO, fingerprint, draft)
    assert drafts.load(VIDEO, fingerprint) == draft


def test_a_draft_belongs_to_one_video_and_one_work(drafts: Drafts) -> None:
    drafts.save(VIDEO, "small model", DRAFT)
    assert drafts.load(VIDEO, "large model") is None
    assert drafts.load(OTHER, "small model") is None
    drafts.save(VIDEO, "large model", SpeechDraft())
    assert drafts.load(VIDEO, "small model") is None


def test_it_is_settled_only_by_its_own_work(drafts: Drafts, file: Path) -> None:
    drafts.save(VIDEO, "speech", DRAFT)
    drafts.settle(VIDEO, "faces")
    drafts.settle(OTHER, "speech")
    assert file.is_file()
    drafts.settle(VIDEO, "speech")
    assert not file.exists()
    drafts.settle(VIDEO, "speech")


def test_the_draft_of_a_forgotten_video_goes(drafts: Drafts, file: Path) -> None:
    drafts.save(VIDEO, "speech", DRAFT)
    drafts.drop(VIDEO)
    assert not file.exists()
    drafts.drop(VIDEO)


def test_a_library_from_before_drafts_gets_a_folder(tmp_path: Path) -> None:
    drafts = Drafts(Places(tmp_path))
    assert drafts.load(VIDEO, "speech") is None
    drafts.save(VIDEO, "speech", DRAFT)
    assert drafts.load(VIDEO, "speech") == DRAFT


def test_a_damaged_draft_is_none(drafts: Drafts, file: Path) -> None:
    drafts.save(VIDEO, "speech", DRAFT)
    whole = file.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        file.write_bytes(whole[:length])
        assert drafts.load(VIDEO, "speech") is None
    file.write_bytes(whole)
    content = json.loads(whole)
    for key in content:
        for wrong in (None, -1, "x", [1], {}):
            if content[key] != wrong and not (key == "language" and wrong in (None, "x")):
                file.write_text(json.dumps(content | {key: wrong}))
                assert drafts.load(VIDEO, "speech") is None, (key, wrong)


def test_a_folder_in_the_way_is_told_only_where_words_would_be_lost(drafts: Drafts, file: Path) -> None:
    file.mkdir(parents=True)
    assert drafts.load(VIDEO, "speech") is None
    drafts.drop(VIDEO)
    with pytest.raises(MachineError):
        drafts.save(VIDEO, "speech", DRAFT)
