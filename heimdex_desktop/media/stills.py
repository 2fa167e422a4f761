"""Write the keyframes of a video as small JPEG files, all of them or none."""

import shutil
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from heimdex_desktop.domain.scene import Keyframe, Scene
from heimdex_desktop.media.files import write_error
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.media.jpegs import jpeg_of

STILL_SIDE_PX = 480
_JPEG_QUALITY = 82


def write_stills(path: Path, scenes: Sequence[Scene], folder: Path) -> Generator[float, None, None]:
    """Write one JPEG per keyframe into `folder`, at most 480 px on the longer side; yield the fraction done.

    The files are written into a folder beside it that takes its place at the end: stopping at any
    yield, or a crash, leaves what was there before. Raises DiskFull, NoAccess, and as `grab_frames`.
    """
    moments_ms = sorted({keyframe.at_ms for scene in scenes for keyframe in scene.keyframes})
    with _told_plainly(folder):
        draft = folder.with_name(f"{folder.name}.draft")
        # What a crash left behind goes first.
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
    try:
        with closing(grab_frames(path, moments_ms, max_side_px=STILL_SIDE_PX)) as frames:
            for number, (at_ms, frame) in enumerate(zip(moments_ms, frames, strict=True), start=1):
                with _told_plainly(folder):
                    (draft / Keyframe(at_ms).still_name).write_bytes(jpeg_of(frame.image, _JPEG_QUALITY))
                yield number / len(moments_ms)
        with _told_plainly(folder):
            _replace_folder(folder, draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace_folder(folder: Path, draft: Path) -> None:
    """Put the draft in place; a full folder cannot be renamed over, so the old one steps aside."""
    if not folder.exists():
        draft.rename(folder)
        return
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _told_plainly(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as fault:
        raise write_error("The stills", folder.parent, fault=fault) from fault
