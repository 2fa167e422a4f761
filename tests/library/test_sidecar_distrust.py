"""Sidecars that anyone may have written: refused in plain words, or read, but never a surprise."""

import copy
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.ownership import Broken, Newer, NotOurs
from heimdex_desktop.library.sidecar import from_json

JsonTree = Any
Content = dict[str, JsonTree]


VERSION_1_0 = Path(__file__).parent / "fixtures" / "sidecar_1.0.json"


@pytest.fixture
def content() -> Content:
    read: Content = json.loads(VERSION_1_0.read_bytes())
    return read


def _read(content: JsonTree) -> VideoRecord:
    return from_json(json.dumps(content).encode(), name="film.mp4.heimdex.json").record


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "/etc/passwd", ""])
def test_a_name_from_outside_leads_nowhere(content: Content, name: str) -> None:
    content["video"]["file_name"] = name
    locations = _read(content).video.locations
    assert locations in {(), (Path("passwd"),)}


def test_a_later_minor_version_is_read_and_what_it_adds_is_passed_over(content: Content) -> None:
    content["version"] = "1.7"
    content["mood"] = {"new": True}
    content["scenes"][0]["transcript"]["source"] = "lip reading"
    record = _read(content)
    assert record.scenes[0].transcript.source is None
    assert record.scenes[0].transcript.text == "불을 약하게 하세요."


@pytest.mark.parametrize("version", ["2.0", "10.3"])
def test_a_later_major_version_is_newer(content: Content, version: str) -> None:
    with pytest.raises(Newer, match=r"film\.mp4\.heimdex\.json.*newer version"):
        _read(content | {"version": version})


@pytest.mark.parametrize("version", ["0.9", "1", "one", "", None, 1.0, "-1.0", "1.0\n", "١.0"])
def test_a_version_that_never_was_is_broken(content: Content, version: object) -> None:
    with pytest.raises(Broken):
        _read(content | {"version": version})


@pytest.mark.parametrize(
    "stranger", [{}, {"scenes": []}, {"format": "other"}, {"format": None, "version": "9.0"}]
)
def test_a_stranger_is_not_ours(stranger: Content) -> None:
    with pytest.raises(NotOurs, match="was not written by Heimdex"):
        _read(stranger)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"{",
        b"\xff\xfe\xfd",
        b"[" * 100_000,
        b"1" * 9999,
    ],
    ids=["empty", "zeros", "cut", "no-utf8", "deep", "huge"],
)
def test_what_is_no_json_is_broken(content: bytes) -> None:
    with pytest.raises(Broken, match=r"film\.mp4\.heimdex\.json.*damaged"):
        from_json(content, name="film.mp4.heimdex.json")


@pytest.mark.parametrize("content", [b"[]", b"null", b"1", b'"heimdex-sidecar"'])
def test_sound_json_of_another_shape_is_somebody_elses(content: bytes) -> None:
    with pytest.raises(NotOurs):
        from_json(content, name="film.mp4.heimdex.json")


def test_a_sidecar_cut_anywhere_is_broken() -> None:
    whole = VERSION_1_0.read_bytes().rstrip()
    for length in range(0, len(whole), 41):
        with pytest.raises(Broken):
            from_json(whole[:length], name="a")


def test_the_three_sentences_are_distinct(content: Content) -> None:
    sentences: set[str] = set()
    for wrong in (b"{", b"{}", json.dumps(content | {"version": "2.0"}).encode()):
        with pytest.raises(ForeignSidecar) as caught:
            from_json(wrong, name="a")
        assert caught.value.advice
        sentences.add(caught.value.sentence)
    assert len(sentences) == 3


def _values(tree: JsonTree, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from _values(value, (*path, key))


def _changed(tree: JsonTree, path: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> JsonTree:
    changed = copy.deepcopy(tree)
    place = changed
    for key in path[:-1]:
        place = place[key]
    change(place, path[-1])
    return changed


@pytest.mark.parametrize(
    "strange",
    [None, True, -1, 1e308, 10**400, "", "x", [], [None], {}, {"x": None}],
    ids=repr,
)
def test_any_value_of_the_wrong_kind_is_foreign_or_read_but_never_trips(
    content: Content, strange: object
) -> None:
    def put(place: Any, key: Any) -> None:
        place[key] = strange

    refused = 0
    for path in _values(content):
        try:
            _read(_changed(content, path, put))
        except ForeignSidecar:
            refused += 1
    assert refused > 20


def test_any_value_that_is_missing_is_foreign_or_read_but_never_trips(content: Content) -> None:
    def drop(place: Any, key: Any) -> None:
        del place[key]

    refused = 0
    for path in _values(content):
        try:
            _read(_changed(content, path, drop))
        except ForeignSidecar:
            refused += 1
    assert refused > 20


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("video", "video_id"), "../../escape"),
        (("video", "video_id"), "{5D0EDD3F-0000-0000-0000-000000000000}"),
        (("scenes", 0, "scene_id"), "1' OR '1'='1"),
        (("scenes", 0, "video_id"), str(uuid.UUID(int=5))),
        (("scenes", 0, "start_s"), 99.0),
        (("scenes", 0, "start_s"), -0.5),
        (("scenes", 0, "frames", "key_frames"), ["1.2"]),
        (("scenes", 0, "vision_tags", "night"), "very"),
        (("saved_at",), "0001-01-01T00:00:00+14:00"),
        (("saved_at",), "9999-12-31T23:59:59-14:00"),
        (("saved_at",), "yesterday"),
    ],
)
def test_a_value_that_would_do_harm_is_broken(
    content: Content, path: tuple[str | int, ...], wrong: object
) -> None:
    def put(place: Any, key: Any) -> None:
        place[key] = wrong

    with pytest.raises(Broken):
        _read(_changed(content, path, put))


@pytest.mark.parametrize(
    "word",
    [
        "불",
        None,
        {},
        [],
        [1.3, 1.5],
        [1.3, 1.5, "불", "더"],
        [1.5, 1.3, "불"],
        ["1.3", 1.5, "불"],
        [1.3, True, "불"],
        [-1, 1.5, "불"],
        [1.3, 10**400, "불"],
        [1.3, 1.5, None],
    ],
    ids=repr,
)
def test_a_word_that_is_none_is_broken(content: Content, word: object) -> None:
    segment = content["scenes"][0]["transcript"]["segments"][0]
    segment["words"] = [[1.3, 1.5, "불"]]
    assert _read(content).scenes[0].transcript.segments[0].words[0].text == "불"
    segment["words"] = [word]
    with pytest.raises(Broken):
        _read(content)


@pytest.mark.parametrize("words", ["불", 1, {}, True])
def test_words_that_are_no_list_are_broken(content: Content, words: object) -> None:
    content["scenes"][0]["transcript"]["segments"][0]["words"] = words
    with pytest.raises(Broken):
        _read(content)


def test_a_scene_that_is_there_twice_is_broken(content: Content) -> None:
    content["scenes"].append(content["scenes"][0])
    with pytest.raises(Broken):
        _read(content)


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"1e999"])
def test_numbers_that_are_none_are_broken(constant: bytes) -> None:
    with pytest.raises(Broken):
        from_json(VERSION_1_0.read_bytes().replace(b"0.72", constant), name="a")
