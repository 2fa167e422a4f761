"""How well words find pictures: drawn clips with the tiny model, real clips and photos with a model folder.

    python -m tests.benchmarks.pictures [--media FOLDER --model FOLDER]

Drawn clips: fifty scenes of mixes that the tiny model has never seen, each asked for by its description;
then what the model's own opinion is good for (`own_opinion`).
Real clips and photos: by the names of what they show, only where the model of single objects knows that.
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from heimdex_desktop.domain.contracts import Picture, Purpose, Vectors
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from heimdex_desktop.inference.tagger import ZeroShotTagger
from heimdex_desktop.inference.vocabulary import Vocabulary
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.services import resource
from tests.benchmarks.own_opinion import print_tags, print_worth
from tests.benchmarks.picture_labels import QUERIES_OF_CLIPS, TAGS_OF_LABELS
from tests.models.captions import describe_whole
from tests.models.clips import SCENE_MS, choose_sights, write_clip

TINY = Path(__file__).parents[1] / "models" / "tiny-clip"
_SCENES = 50
_MOMENTS = (0.25, 0.5, 0.75)


def main() -> None:
    parser = argparse.ArgumentParser(description="How well words find pictures.")
    parser.add_argument("--media", type=Path, help="the folder of real clips with ground truth")
    parser.add_argument("--model", type=Path, help="the folder of an open_clip model that knows objects")
    asked = parser.parse_args()
    print(f"{'queries':<44}{'n':>5}{'@1':>7}{'@5':>7}")
    _print_drawn()
    print_worth(OpenClipModel(TINY))
    print_tags(OpenClipModel(TINY))
    if asked.media and asked.model:
        model = OpenClipModel(asked.model)
        _print_clips(asked.media, model)
        _print_photos(asked.media, model)


def _print_drawn() -> None:
    model, rng = OpenClipModel(TINY), np.random.default_rng(11)
    sights = choose_sights(_SCENES, rng)
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "drawn.mp4"
        write_clip(clip, sights, rng)
        moments_ms = [number * SCENE_MS + SCENE_MS // 2 for number in range(_SCENES)]
        pictures = OpenClipPictures(model).encode([f.image for f in grab_frames(clip, moments_ms)])
    queries = [describe_whole(sight, rng) for sight in sights]
    _print_row("drawn scenes, tiny-clip", model, queries, pictures, list(range(_SCENES)))


def _print_clips(media: Path, model: OpenClipModel) -> None:
    clips = sorted(file for file in (media / "clips").iterdir() if file.is_file())
    vectors = np.concatenate([_vector_of(clip, model) for clip in clips])
    names = [clip.name for clip in clips]
    wanted = {clip: query for clip, query in QUERIES_OF_CLIPS.items() if clip in names}
    right = [names.index(clip) for clip in wanted]
    _print_row(f"clips, {model.space.model}", model, list(wanted.values()), vectors, right)


def _vector_of(clip: Path, model: OpenClipModel) -> Vectors:
    """Return the mean of a few pictures of a clip, as for a scene, shape (1, dimensions)."""
    moments_ms = [int(share * 4_000) for share in _MOMENTS]
    encoded = OpenClipPictures(model).encode([f.image for f in grab_frames(clip, moments_ms)])
    mean = encoded.mean(axis=0, keepdims=True)
    return mean / np.linalg.norm(mean)


def _print_photos(media: Path, model: OpenClipModel) -> None:
    with (media / "truth" / "images_inet.csv").open(encoding="utf-8") as listing:
        rows = list(csv.DictReader(listing))
    photos = [_read(media / row["file"]) for row in rows]
    started = time.perf_counter()
    vectors = OpenClipPictures(model).encode(photos)
    took_ms = (time.perf_counter() - started) * 1000 / len(photos)
    labels = [row["label"] for row in rows]
    right = [number for number, row in enumerate(rows) if row["query_ko"]]
    queries = [labels[number] for number in right]
    _print_row(f"photos by label, {model.space.model}", model, queries, vectors, right)
    print(f"\n{took_ms:.1f} ms a photo")
    _print_tags(
        ZeroShotTagger(OpenClipTexts(model), Vocabulary.load(resource("vision_tags.toml"))), vectors, labels
    )


def _read(file: Path) -> Picture:
    return np.asarray(cv2.imread(str(file)), np.uint8)


def _print_row(
    title: str, model: OpenClipModel, queries: Sequence[str], pictures: Vectors, right: Sequence[int]
) -> None:
    asked = OpenClipTexts(model).encode(queries, Purpose.QUERY)
    order = np.argsort(-(asked @ pictures.T), axis=1)
    places = [int(np.flatnonzero(row == wanted)[0]) for row, wanted in zip(order, right, strict=True)]
    shares = [sum(place < most for place in places) / len(places) for most in (1, 5)]
    print(f"{title:<44}{len(queries):>5}{shares[0]:>7.0%}{shares[1]:>7.0%}")


def _print_tags(tagger: ZeroShotTagger, vectors: Vectors, labels: Sequence[str]) -> None:
    """Count the tags that a label speaks for or against; of the others nothing is known."""
    given = tagger.tags(vectors)
    told = [(tag, label) for tags, label in zip(given, labels, strict=True) for tag in tags]
    judged = [(tag, label) for tag, label in told if tag in TAGS_OF_LABELS]
    true = sum(label in TAGS_OF_LABELS[tag] for tag, label in judged)
    wanted = sum(label in named for named in TAGS_OF_LABELS.values() for label in labels)
    print(f"tags: {true} of {len(judged)} that a label speaks of are true, and {true} of {wanted} are given")


if __name__ == "__main__":
    main()
