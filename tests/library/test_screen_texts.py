"""Text on screen in a sidecar: written only where there is any, and read with distrust."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import Box, Scene, SceneId, ScreenText
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.ownership import Broken
from heimdex_desktop.library.sidecar import from_json, to_json

_MOMENT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
_TEXT = ScreenText("출구 Exit 42", 0.98, Box(0.1, 0.8, 0.9, 0.9), 1_201)

shares = st.floats(0, 1)
boxes = st.tuples(shares, shares, shares, shares).map(
    lambda four: Box(min(four[:2]), min(four[2:]), max(four[:2]), max(four[2:]))
)
screen_texts = st.builds(ScreenText, st.text(max_size=30), shares, boxes, st.integers(0, 36_000_000))


def _record(*texts: ScreenText) -> VideoRecord:
    scene = Scene(SceneId(str(uuid.UUID(int=2))), TimeSpan(0, 4_000), screen_texts=texts)
    return VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (), 1), _MOMENT, (scene,))


def _written(*texts: ScreenText) -> Any:
    return json.loads(to_json(_record(*texts), _MOMENT))


@given(st.lists(screen_texts, max_size=4))
def test_texts_survive_the_round_trip(texts: list[ScreenText]) -> None:
    record = _record(*texts)
    assert from_json(to_json(record, _MOMENT), name="a").record == record


def test_a_scene_tells_its_texts_in_seconds_and_shares() -> None:
    assert _written(_TEXT)["scenes"][0]["screen_texts"] == [
        {"text": "출구 Exit 42", "confidence": 0.98, "box": [0.1, 0.8, 0.9, 0.9], "at": 1.201}
    ]


def test_a_scene_without_text_has_no_word_about_it() -> None:
    assert "screen_texts" not in _written()["scenes"][0]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("text", None),
        ("text", 7),
        ("confidence", 1.5),
        ("confidence", -0.1),
        ("confidence", "sure"),
        ("confidence", True),
        ("box", None),
        ("box", []),
        ("box", [0.1, 0.8, 0.9]),
        ("box", [0.1, 0.8, 0.9, 1e308]),
        ("box", [0.1, 0.8, 0.9, "0.9"]),
        ("box", [0.9, 0.8, 0.1, 0.9]),
        ("box", [0.1, 0.9, 0.9, 0.8]),
        ("at", -1.0),
        ("at", "soon"),
    ],
)
def test_a_value_that_would_do_harm_is_broken(key: str, wrong: object) -> None:
    content = _written(_TEXT)
    content["scenes"][0]["screen_texts"][0][key] = wrong
    with pytest.raises(Broken):
        from_json(json.dumps(content).encode(), name="a")


@pytest.mark.parametrize("wrong", [None, {}, "Exit", [None], ["Exit"], [{}]])
def test_another_shape_is_broken(wrong: object) -> None:
    content = _written(_TEXT)
    content["scenes"][0]["screen_texts"] = wrong
    with pytest.raises(Broken):
        from_json(json.dumps(content).encode(), name="a")


def test_many_texts_stay_small() -> None:
    line = ScreenText("a line of some forty letters, or about so", 0.98, Box(0.1234, 0.1, 0.9, 0.2), 1_234)
    assert len(to_json(_record(*[line] * 200), _MOMENT)) < 50_000
