"""Print who is found in real clips, and who wrongly.

Run it with `python -m tests.benchmarks.people_clips --media FOLDER --models FOLDER`.

The clips are indexed through the command line, everybody in them is made known by one photo and then by more
(none of which a clip was made from), and what `heimdex people export` says is held against the times at which
they are known to be seen. A time counts as found when half of it is; what is said outside of somebody's
times, by more than half a second, is wrong. Clips with other people are indexed too.
"""

import argparse
import csv
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heimdex_desktop.cli.output import OK, SOME_FAILED
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.inference.face_manifest import MANIFEST_FILE
from tests.end_to_end.conftest import heimdex
from tests.inference.face_samples import RETAIL_MANIFEST

_REEL = "composites/facereel.mp4"
_SPARE_MS = 500
Truth = Mapping[str, Sequence[tuple[str, TimeSpan]]]
"""For everybody, the names of videos in which they are seen, and when."""


@dataclass(frozen=True)
class Found:
    """How one person fared: of `times` they are seen, `found`; and ms that were said wrongly."""

    name: str
    times: int
    found: int
    share: float
    wrong_ms: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, required=True, help="the folder of real photos and films")
    parser.add_argument("--models", type=Path, required=True, help="the folder of small real models")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(asked.media, asked.models / "face", Path(folder))


def _measure(media: Path, models: Path, folder: Path) -> None:
    truth, used = _truth(media)
    films = _copied(media, folder / "films")
    chosen = _settings(models, folder)
    library = folder / "library"
    print(f"{len(films)} clips, {len(truth)} people in them: indexing takes minutes", flush=True)
    indexed = heimdex("index", folder / "films", library=library, environment=chosen)
    assert indexed.code == OK, indexed.err
    first, more = _photos(media, truth, used)
    for told, photos in (("one photo", first), ("all photos", more)):
        for name, files in photos.items():
            if files:
                _add(name, files, library, chosen)
        print(f"\n{told:22}{'times':>7}{'found':>7}{'of the time':>13}{'wrong s':>9}")
        fared = [_fared(name, truth[name], library, chosen) for name in truth]
        for one in fared:
            print(f"{one.name:22}{one.times:7}{one.found:7}{one.share:13.0%}{one.wrong_ms / 1000:9.1f}")
        times, found = sum(one.times for one in fared), sum(one.found for one in fared)
        wrong_s = sum(one.wrong_ms for one in fared) / 1000
        print(f"{'everybody':22}{times:7}{found:7}{'':13}{wrong_s:9.1f}\n", flush=True)


def _add(name: str, files: Sequence[Path], library: Path, chosen: Mapping[str, str]) -> None:
    """Make somebody known by these photos; tell which are refused, since they do not count."""
    added = heimdex("people", "add", name, *files, "--face", "1", library=library, environment=chosen)
    assert added.code in {OK, SOME_FAILED}, added.err
    print(*filter(None, (added.out.strip(), added.err.strip())), sep="\n", flush=True)


def _truth(media: Path) -> tuple[Truth, frozenset[str]]:
    """Return who is seen when, and the photos that a clip was made from."""
    reel = json.loads((media / "truth" / "composites" / "facereel.json").read_text("utf-8"))
    seen: dict[str, list[tuple[str, TimeSpan]]] = {}
    segments: list[Mapping[str, Any]] = [one for one in reel["segments"] if one.get("identity")]
    for one in segments:
        span = TimeSpan(round(one["start_s"] * 1000), round(one["end_s"] * 1000))
        seen.setdefault(one["identity"], []).append((Path(_REEL).name, span))
    for clip in json.loads((media / "truth" / "faces_video.json").read_text("utf-8")):
        people = clip["people"] if isinstance(clip["people"], list) else []
        for one in people:
            if (media / "faces" / one["identity"]).is_dir():
                span = TimeSpan(round(one["start_s"] * 1000), round(one["end_s"] * 1000))
                seen.setdefault(one["identity"], []).append((Path(clip["file"]).name, span))
    return seen, frozenset(one["source_photo"] for one in segments)


def _copied(media: Path, films: Path) -> list[Path]:
    films.mkdir()
    clips = [*media.glob("people/*.mp4"), *media.glob("clips/*.mp4"), *media.glob("shots/*.mp4")]
    return [Path(shutil.copy(clip, films)) for clip in (media / _REEL, *clips)]


def _settings(models: Path, folder: Path) -> Mapping[str, str]:
    finds, tells = folder / "finds", folder / "tells"
    finds.mkdir()
    tells.mkdir()
    shutil.copy(models / "face_detection_yunet_2023mar.onnx", finds)
    shutil.copy(models / "face_reidentification_retail_0095.onnx", tells)
    (tells / MANIFEST_FILE).write_text(RETAIL_MANIFEST, "utf-8")
    return {
        "HEIMDEX_FACES": "1",
        "HEIMDEX_FACE_DETECTOR": str(finds),
        "HEIMDEX_FACE_MODEL": str(tells),
        "HEIMDEX_TEXT_MODEL": "none",
        "HEIMDEX_SCREEN_TEXT": "0",
    }


def _photos(
    media: Path, truth: Truth, used: frozenset[str]
) -> tuple[Mapping[str, Sequence[Path]], Mapping[str, Sequence[Path]]]:
    """Return the first photo of everybody, and the others; never one that a clip was made from."""
    fit = {
        name: [
            file
            for file in sorted((media / "faces" / name).iterdir())
            if file.relative_to(media).as_posix() not in used
        ]
        for name in truth
    }
    return {name: files[:1] for name, files in fit.items()}, {name: files[1:] for name, files in fit.items()}


def _fared(
    name: str, times: Sequence[tuple[str, TimeSpan]], library: Path, chosen: Mapping[str, str]
) -> Found:
    exported = heimdex("people", "export", name, "--as", "csv", library=library, environment=chosen)
    assert exported.code == OK, exported.err
    said = [
        (row["video"], TimeSpan(round(float(row["start_s"]) * 1000), round(float(row["end_s"]) * 1000)))
        for row in csv.DictReader(io.StringIO(exported.out))
    ]
    shares = [_overlap_ms(span, video, said) / span.length_ms for video, span in times]
    wider = [
        (video, TimeSpan(max(0, span.start_ms - _SPARE_MS), span.end_ms + _SPARE_MS)) for video, span in times
    ]
    wrong_ms = sum(span.length_ms - _overlap_ms(span, video, wider) for video, span in said)
    return Found(name, len(times), sum(share >= 0.5 for share in shares), sum(shares) / len(shares), wrong_ms)


def _overlap_ms(span: TimeSpan, video: str, others: Sequence[tuple[str, TimeSpan]]) -> int:
    return sum(span.overlap_ms(other) for theirs, other in others if theirs == video)


if __name__ == "__main__":
    main()
