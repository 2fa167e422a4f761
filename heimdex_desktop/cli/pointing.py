"""What the options of `heimdex search` point at beside the words."""

import argparse
import unicodedata
from pathlib import Path

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Beside, LikePicture, LikeScene
from heimdex_desktop.domain.video import Video
from heimdex_desktop.media.picture_files import read_picture


def beside_of(asked: argparse.Namespace, videos: tuple[Video, ...]) -> Beside | None:
    """Return what is pointed at; `videos` are all that the library knows. Raises InputError."""
    if asked.like_scene is not None:
        return LikeScene(SceneId(asked.like_scene))
    if asked.like is not None:
        return LikePicture(read_picture(asked.like))
    return _of_video(asked.video, videos) if asked.video is not None else None


def beside_as_json(beside: Beside | None) -> dict[str, str] | None:
    match beside:
        case LikeScene(scene_id):
            return {"like_scene": scene_id}
        case LikePicture():
            return {"like": "picture"}
        case OfVideo(video_id):
            return {"video": video_id}
        case None:
            return None


def _of_video(path: Path, videos: tuple[Video, ...]) -> OfVideo:
    spellings = {_spelt(one) for one in (path, path.absolute(), path.resolve())}
    for video in videos:
        if not spellings.isdisjoint(map(_spelt, video.locations)):
            return OfVideo(video.id)
    sentence = f"{path} is not a video of this library."
    raise InputError(sentence, f"Make it searchable first: heimdex index {path}")


def _spelt(path: Path) -> str:
    """Spell a path in one form: macOS gives names in NFD, and people type them in NFC."""
    return unicodedata.normalize("NFC", str(path))
