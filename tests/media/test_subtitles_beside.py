"""The subtitle files of a video are found by name, and the best one comes first."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import FileGone
from heimdex_desktop.domain.video import SubtitleTrack
from heimdex_desktop.media.languages import from_file_mark, from_script, from_track
from heimdex_desktop.media.subtitle_files import by_preference, find_subtitle_files, marks_of

WHOLE = SubtitleTrack(2, "subrip", "en")
FORCED = SubtitleTrack(3, "subrip", "en", "Signs (forced)")


def found(folder: Path, video: str, *others: str) -> list[str]:
    for name in (video, *others):
        (folder / name).touch()
    return [path.name for path in find_subtitle_files(folder / video)]


def test_a_video_alone_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, "clip.mp4", "clip.txt", "clip.mp4.heimdex.json") == []


@pytest.mark.parametrize(
    "name",
    [
        *("clip.srt", "clip.VTT", "clip.ass", "clip.ssa", "Clip.KO.SRT", "clip.mp4.srt", "clip.mp4.en.srt"),
        *("clip.en.srt", "clip.pt-BR.forced.srt", "clip.en.hi.srt", "clip.zh-Hant.default.ass"),
    ],
)
def test_what_belongs(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, "clip.mp4", name) == [name]


@pytest.mark.parametrize(
    "name",
    ["clip2.srt", "clip 2.srt", "clip.part2.srt", "other.srt", "clip.sub", "cli.srt", "clip.enough.srt"],
)
def test_what_does_not_belong(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, "clip.mp4", name) == []


def test_a_file_that_fits_another_video_better_is_that_ones(tmp_path: Path) -> None:
    assert found(tmp_path, "clip.mp4", "clip.en.mkv", "clip.en.srt", "clip.srt") == ["clip.srt"]
    assert found(tmp_path, "clip.en.mkv") == ["clip.en.srt"]


def test_a_folder_named_like_a_subtitle_is_none(tmp_path: Path) -> None:
    (tmp_path / "clip.srt").mkdir()
    assert found(tmp_path, "clip.mp4") == []


def test_composition_of_letters_does_not_matter(tmp_path: Path) -> None:
    composed, taken_apart = (unicodedata.normalize(form, "생일 – café") for form in ("NFC", "NFD"))
    assert len(found(tmp_path, f"{composed}.mp4", f"{taken_apart}.ko.srt")) == 1


def test_the_best_file_comes_first(tmp_path: Path) -> None:
    names = [
        "clip.forced.srt",
        "clip.ko.srt",
        "clip.en.sdh.srt",
        "clip.en.srt",
        "clip.srt",
        "clip.fr.default.srt",
    ]
    assert found(tmp_path, "clip.mp4", *names) == [
        "clip.fr.default.srt",
        "clip.srt",
        "clip.en.srt",
        "clip.ko.srt",
        "clip.en.sdh.srt",
        "clip.forced.srt",
    ]


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileGone):
        find_subtitle_files(tmp_path / "gone" / "clip.mp4")


def test_whole_dialogue_beats_forced_parts_and_files_beat_tracks() -> None:
    whole, forced = Path("clip.en.srt"), Path("clip.en.forced.srt")
    assert by_preference([forced, whole], [FORCED, WHOLE]) == (whole, WHOLE, forced, FORCED)
    assert by_preference([forced], [WHOLE]) == (WHOLE, forced)
    assert by_preference([], []) == ()


@given(st.permutations([Path(f"clip{mark}.srt") for mark in ("", ".en", ".ko", ".en.sdh", ".forced")]))
def test_the_order_of_files_does_not_depend_on_the_folder(files: list[Path]) -> None:
    assert by_preference(files, []) == by_preference(sorted(files), [])


@pytest.mark.parametrize(
    ("name", "language", "is_forced", "has_sounds"),
    [
        ("clip.srt", None, False, False),
        ("clip.hi.srt", "hi", False, False),
        ("clip.en.hi.srt", "en", False, True),
        ("clip.sdh.srt", None, False, True),
        ("clip.Forced.en.srt", "en", True, False),
        ("2024.01.05 holiday.srt", None, False, False),
        ("What.A.Day.Is.It.srt", None, False, False),
    ],
)
def test_marks_are_read_from_the_end(
    name: str, language: str | None, is_forced: bool, has_sounds: bool
) -> None:
    marks = marks_of(Path(name))
    assert (marks.language, marks.is_forced, marks.has_sounds) == (language, is_forced, has_sounds)


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("kor", "ko"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("pt_br", "pt-BR"),
        ("zh-hant", "zh-Hant"),
        ("zho-Hans-CN", "zh-Hans-CN"),
        ("yue", "yue"),
        ("und", None),
        ("mul", None),
        ("", None),
        (None, None),
        ("not a language", None),
    ],
)
def test_track_languages_become_bcp_47(code: str | None, tag: str | None) -> None:
    assert from_track(code) == tag


@pytest.mark.parametrize(
    ("mark", "tag"), [("jp", "ja"), ("KR", "ko"), ("cut", None), ("v2", None), ("x", None)]
)
def test_only_known_languages_are_read_from_names(mark: str, tag: str | None) -> None:
    assert from_file_mark(mark) == tag


def test_a_few_foreign_words_do_not_make_a_language() -> None:
    assert from_script("He ordered 김치 and a bowl of rice with vegetables on the side") is None
    assert from_script("") is None


@given(st.text(max_size=12))
def test_no_language_code_is_too_odd(code: str) -> None:
    tag = from_track(code)
    assert tag is None or from_track(tag) == tag
