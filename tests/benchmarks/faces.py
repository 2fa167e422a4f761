"""How well and how fast people are told apart: prints tables for a set of photos and for films.

Run it with `python -m tests.benchmarks.faces --media FOLDER --models FOLDER`. Each photo stands for the
person in its largest face. Rank-1 is the share of photos whose nearest other photo shows the same person (of
people with two photos and more). The equal error rate is where as many pairs of one person are missed as
pairs of two are taken for one; TAR is the share of pairs of one person found while no more than FAR of the
other pairs are. A scene is three pictures of a film. With `--engine` and `--face-folder` another model is
measured. Only ratios of one run can be compared: what a row is compared with is run in turn with it.
"""

import argparse
import csv
import shutil
import statistics
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from facenet_pytorch import InceptionResnetV1
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.faces import FaceObservation, SeenFace
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.inference.face_detectors import FaceDetector, FoundFace, MtcnnDetector, YunetDetector
from heimdex_desktop.inference.face_embedders import FacenetEmbedder, OnnxEmbedder, SFaceEmbedder
from heimdex_desktop.inference.face_manifest import MANIFEST_FILE
from heimdex_desktop.inference.face_recogniser import FaceMeans, build_recogniser
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.media.probe import probe
from heimdex_desktop.people.clusters import groups_of
from heimdex_desktop.people.tracks import FaceTrack
from tests.inference.face_samples import RETAIL_MANIFEST

Numbers = NDArray[np.float32]
Work = Callable[[tuple[Picture, FoundFace]], object]
_FACE_ENGINES = (Engine.FACE_ONNX, Engine.SFACE, Engine.FACENET)
_LONGEST_SIDE_PX = 1280
_KEYFRAMES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well and how fast people are told apart.")
    parser.add_argument("--media", type=Path, required=True, help="the folder of real photos and films")
    parser.add_argument("--models", type=Path, required=True, help="the folder of small real models")
    parser.add_argument("--engine", type=Engine, choices=_FACE_ENGINES, default=Engine.FACE_ONNX)
    parser.add_argument("--face-folder", type=Path, help="the face model; the small real one by default")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    with tempfile.TemporaryDirectory() as folder:
        model = asked.face_folder or _retail(asked.models / "face", Path(folder))
        face = Choice(Role.FACE, "measured", asked.engine, model, "1")
        _measure(asked.media, asked.models / "face", face, asked.threads)


def _retail(models: Path, folder: Path) -> Path:
    """Lay the small real model beside a manifest."""
    shutil.copy(models / "face_reidentification_retail_0095.onnx", folder)
    (folder / MANIFEST_FILE).write_text(RETAIL_MANIFEST, "utf-8")
    return folder


def _measure(media: Path, yunet: Path, face: Choice, threads: int) -> None:
    photos, people = _photos(media)
    detectors: dict[Engine, FaceDetector] = {
        Engine.YUNET: YunetDetector(yunet, threads=threads),
        Engine.MTCNN: MtcnnDetector(),
    }
    print(f"{len(photos)} photos of {len(set(people))} people, {threads} thread(s)")
    print("detector  found   rank-1     EER  TAR at FAR 1 %  at 0.1 %  TAR / FAR at the model's threshold")
    found = {engine: _found(engine, yunet, face, photos, people, threads) for engine in detectors}
    for engine, faces in found.items():
        print(_quality(engine, faces, len(photos)), flush=True)
    print("\ndetector  groups  of faces in them  purity  completeness")
    for engine, faces in found.items():
        print(_grouping(engine, faces), flush=True)
    _speed_of_embedding(detectors[Engine.YUNET], face, photos, threads)
    _speed_of_finding(detectors, sorted((media / "people").glob("*.mp4")))


def _photos(media: Path) -> tuple[list[Picture], list[str]]:
    with (media / "truth" / "faces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = [np.asarray(cv2.imread(str(media / row["file"])), np.uint8) for row in rows]
    return pictures, [row["identity"] for row in rows]


@dataclass(frozen=True)
class _Faces:
    """The largest faces of photos, and who they are; `limit` is the threshold of the model."""

    seen: Sequence[tuple[FaceObservation, str]]
    limit: float


def _found(
    engine: Engine, yunet: Path, face: Choice, photos: Sequence[Picture], people: Sequence[str], threads: int
) -> _Faces:
    detector = Choice(Role.FACE_DETECTOR, engine.value, engine, yunet)
    finder = build_recogniser(detector, face, FaceMeans(threads))
    found = [(finder.find([photo])[0], person) for photo, person in zip(photos, people, strict=True)]
    return _Faces([(faces[0], person) for faces, person in found if faces], finder.threshold or 0.0)


def _grouping(engine: Engine, faces: _Faces) -> str:
    """Group the photos as unknown faces of as many scenes, and say how well that tells people apart.

    Purity is the share of grouped faces that are of the person most of their group are of, completeness the
    share of a person's faces that are in one group, over people with enough of them for a group.
    """
    tracks = [_track(number, face) for number, (face, _) in enumerate(faces.seen)]
    groups = [
        Counter(faces.seen[place][1] for place in group.tracks) for group in groups_of(tracks, faces.limit)
    ]
    grouped = sum(group.total() for group in groups)
    purity = sum(max(group.values()) for group in groups) / max(1, grouped)
    whole = {name: count for name, count in Counter(name for _, name in faces.seen).items() if count > 2}
    most = [max((group[name] for group in groups), default=0) / count for name, count in whole.items()]
    return (
        f"{engine.value:8} {len(groups):7} {grouped / len(faces.seen):17.1%} {purity:7.1%} "
        f"{statistics.mean(most):13.1%}"
    )


def _track(number: int, face: FaceObservation) -> FaceTrack:
    scene = SceneId(str(uuid.UUID(int=number)))
    assert face.vector is not None
    return FaceTrack(VideoId(scene), scene, (SeenFace(scene, 0, face),), face.vector)


def _quality(engine: Engine, faces: _Faces, photo_count: int) -> str:
    seen = [(face.vector, person) for face, person in faces.seen]
    likeness = np.array([vector for vector, _ in seen]) @ np.array([vector for vector, _ in seen]).T
    names = np.array([person for _, person in seen])
    same = names[:, None] == names
    pairs = np.triu(np.ones_like(same), 1)
    genuine, impostor = likeness[same & pairs], likeness[~same & pairs]
    limit = faces.limit
    return (
        f"{engine.value:8} {len(seen) / photo_count:6.1%} {_rank_1(likeness, same):8.1%} "
        f"{_equal_error(genuine, impostor):7.2%} {_found_at(genuine, impostor, 0.01):15.1%} "
        f"{_found_at(genuine, impostor, 0.001):9.1%}  "
        f"{np.mean(genuine > limit):.1%} / {np.mean(impostor > limit):.2%} at {limit}"
    )


def _rank_1(likeness: Numbers, same: NDArray[np.bool_]) -> float:
    others = likeness.copy()
    np.fill_diagonal(others, -np.inf)
    nearest = others.argmax(axis=1)
    probes = np.flatnonzero(same.sum(axis=1) > 1)
    return float(np.mean(same[probes, nearest[probes]]))


def _equal_error(genuine: Numbers, impostor: Numbers) -> float:
    limits = np.unique(np.concatenate([genuine, impostor]))
    missed = np.searchsorted(np.sort(genuine), limits) / len(genuine)
    mistaken = 1 - np.searchsorted(np.sort(impostor), limits) / len(impostor)
    best = int(np.abs(missed - mistaken).argmin())
    return float(missed[best] + mistaken[best]) / 2


def _found_at(genuine: Numbers, impostor: Numbers, far: float) -> float:
    """Return the share of pairs of one person above the limit that so many of the others pass."""
    return float(np.mean(genuine > np.quantile(impostor, 1 - far, method="higher")))


def _speed_of_embedding(
    detector: FaceDetector, face: Choice, photos: Sequence[Picture], threads: int
) -> None:
    assert face.folder is not None
    engines = {Engine.FACENET: FacenetEmbedder, Engine.SFACE: SFaceEmbedder, Engine.FACE_ONNX: OnnxEmbedder}
    embedder = engines[face.engine or Engine.FACE_ONNX](face.folder)
    faces = [(photo, found[0]) for photo in photos if (found := detector.find([photo])[0])]

    def embed(seen: tuple[Picture, FoundFace]) -> None:
        embedder.embed([embedder.chip(*seen)])

    works: dict[str, Work] = {
        "the bare network": _bare_forward(embedder, face.folder, threads),
        "cutting out and embedding a face": embed,
        "finding and embedding": lambda seen: (detector.find([seen[0]]), embed(seen)),
    }
    took_s: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work(faces[0])
    for seen in faces:
        for name, work in works.items():
            took_s[name].append(_timed(partial(work, seen)))
    bare_s = statistics.median(took_s["the bare network"])
    print(f"\n{'s per photo':34}{'median':>9}{'most':>8}{'x bare':>8}")
    for name, each_s in took_s.items():
        middle_s = statistics.median(each_s)
        print(f"{name:34}{middle_s:9.4f}{max(each_s):8.3f}{middle_s / bare_s:8.2f}")


def _bare_forward(embedder: OnnxEmbedder | FacenetEmbedder, folder: Path, threads: int) -> Work:
    """Return what runs the network alone on a picture of noise: zeros would make it quicker than it is."""
    noise = np.random.default_rng(1)
    if isinstance(embedder, FacenetEmbedder):
        network = InceptionResnetV1(pretrained=None).eval()
        picture = torch.from_numpy(noise.uniform(-1, 1, (1, 3, 160, 160)).astype(np.float32))
        return torch.inference_mode()(lambda _: network(picture))
    manifest = embedder.manifest
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(folder / manifest.file), options)
    shape = (1, 3, manifest.height_px, manifest.width_px)
    given = {session.get_inputs()[0].name: noise.uniform(0, 255, shape).astype(np.float32)}

    def run(_: object) -> None:
        session.run(None, given)

    return run


def _speed_of_finding(detectors: dict[Engine, FaceDetector], films: Sequence[Path]) -> None:
    took_s: dict[str, list[float]] = {"decoding the pictures": []}
    for film in films:
        began_s = time.perf_counter()
        pictures = _scene(film)
        took_s["decoding the pictures"].append(time.perf_counter() - began_s)
        for engine, detector in detectors.items():
            took_s.setdefault(engine.value, []).append(_timed(partial(detector.find, pictures)))
    print(f"\n{'s per scene of three pictures':34}{'median':>9}{'most':>8}   ({len(films)} films)")
    for name, each_s in took_s.items():
        print(f"{name:34}{statistics.median(each_s):9.3f}{max(each_s):8.3f}")


def _scene(film: Path) -> list[Picture]:
    duration_ms = probe(film).duration_ms
    moments_ms = [duration_ms * (number + 1) // (_KEYFRAMES + 1) for number in range(_KEYFRAMES)]
    return [frame.image for frame in grab_frames(film, moments_ms, max_side_px=_LONGEST_SIDE_PX)]


def _timed(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


if __name__ == "__main__":
    main()
