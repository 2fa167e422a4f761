"""What the options of `heimdex search` point at."""

import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from heimdex_desktop.cli.arguments import parse
from heimdex_desktop.cli.pointing import beside_as_json, beside_of
from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import LikePicture, LikeScene
from heimdex_desktop.domain.video import Video, VideoId


@pytest.mark.parametrize("words", [["--like-scene", "one"], ["--like-scene", "one", "at", "night"]])
def test_a_scene_may_stand_alone_or_beside_words(words: list[str]) -> None:
    beside = beside_of(parse(["search", *words]), ())
    assert beside == LikeScene(SceneId("one"))
    assert beside_as_json(beside) == {"like_scene": "one"}


def test_words_alone_point_at_nothing() -> None:
    beside = beside_of(parse(["search", "night"]), ())
    assert (beside, beside_as_json(beside)) == (None, None)


def test_a_video_is_known_by_each_of_its_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = unicodedata.normalize("NFD", "été.mp4")
    video = Video(VideoId("v"), (Path("/films/a.mp4"), tmp_path / name), 1)
    for typed in ("/films/a.mp4", "été.mp4", "./été.mp4", str(tmp_path / "x" / ".." / name)):
        beside = beside_of(parse(["search", "--video", typed]), (video,))
        assert beside == OfVideo(video.id)
        assert beside_as_json(beside) == {"video": "v"}


def test_a_video_that_is_not_in_the_library_is_said_so() -> None:
    with pytest.raises(InputError, match=r"b\.mp4 is not a video of this library.*heimdex index"):
        beside_of(parse(["search", "--video", "b.mp4"]), ())


@pytest.mark.parametrize("words", [[], ["--video", "a.mp4", "--like-scene", "one"]])
def test_nothing_and_two_at_once_are_wrong_use(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["search", *words])
    assert ended.value.code == 2


def test_a_picture_is_read_and_one_that_is_none_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "red.png"
    Image.new("RGB", (20, 10), "red").save(file)
    beside = beside_of(parse(["search", "--like", str(file)]), ())
    assert isinstance(beside, LikePicture)
    assert beside.picture.shape == (10, 20, 3)
    assert beside_as_json(beside) == {"like": "picture"}
    file.write_bytes(b"no picture")
    with pytest.raises(InputError, match="no picture that can be read"):
        beside_of(parse(["search", "--like", str(file)]), ())
