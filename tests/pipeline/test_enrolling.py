"""Photos of people are looked at: what is found in them, what is said of bad ones, what can be refused."""

import io
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from heimdex_desktop.domain.errors import FileGone, InputError, ModelMissing
from heimdex_desktop.domain.faces import FaceObservation, FaceQuality
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.people_events import PersonId, PhotoId
from heimdex_desktop.domain.scene import Box, EmbeddingSpace
from heimdex_desktop.inference.face_manifest import MANIFEST_FILE
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.people.doctor import Portrait, agreements, complaints, look_alikes
from heimdex_desktop.people.matching import SUGGESTED_FROM, Scale
from heimdex_desktop.people.tracks import centre, overlap
from heimdex_desktop.pipeline.engines import EngineSettings
from heimdex_desktop.pipeline.enrolling import PhotoDesk, PhotoLook, allow
from heimdex_desktop.pipeline.jobs import LOOK_AT_PHOTO, WorkSettings, enrol_jobs
from heimdex_desktop.pipeline.photo_looks import complaint_of
from heimdex_desktop.pipeline.worker_process import ChildWorker, InlineWorker, Stopped
from tests.inference.face_samples import RETAIL_MANIFEST

THRESHOLD = 0.39
SPACE = EmbeddingSpace("retail", "1", 256)
_ORIENTATION = 0x0112
_TURNED_RIGHT = 6
_GREY = (110, 120, 130)


@pytest.fixture(scope="session")
def face_model(real_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retail")
    shutil.copy(real_models / "face" / "face_reidentification_retail_0095.onnx", folder)
    (folder / MANIFEST_FILE).write_text(RETAIL_MANIFEST, "utf-8")
    return folder


def _settings(library: Path, real_models: Path, face: Choice) -> WorkSettings:
    detector = Choice(Role.FACE_DETECTOR, "yunet", Engine.YUNET, real_models / "face")
    engines = EngineSettings({Role.FACE_DETECTOR: detector, Role.FACE: face})
    return WorkSettings(library, beside_videos=False, engines=engines)


@pytest.fixture(scope="session")
def desk(
    real_models: Path, face_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PhotoDesk]:
    face = Choice(Role.FACE, "retail", Engine.FACE_ONNX, face_model, "1")
    settings = _settings(tmp_path_factory.mktemp("library"), real_models, face)
    desk = PhotoDesk(InlineWorker(partial(enrol_jobs, settings)))
    yield desk
    desk.close()


@pytest.fixture
def look(desk: PhotoDesk) -> Callable[[Path], PhotoLook]:
    return lambda path: desk.look(path, threading.Event())


@pytest.fixture
def ann(real_media: Path) -> Image.Image:
    """A portrait of 533 x 720 px with one large face."""
    return Image.open(real_media / "faces" / "Angelina_Jolie" / "img1.jpg")


Look = Callable[[Path], PhotoLook]


def _saved(picture: Image.Image, file: Path) -> Path:
    picture.save(file)
    return file


def _cosine(one: PhotoLook, other: PhotoLook) -> float:
    (mine, *_), (theirs, *_) = one.faces, other.faces
    assert mine.face.vector is not None
    assert theirs.face.vector is not None
    return float(mine.face.vector @ theirs.face.vector)


def _size_px(jpeg: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(jpeg)).size


def test_a_portrait_shows_one_good_face(look: Look, ann: Image.Image, tmp_path: Path) -> None:
    looked = look(_saved(ann, tmp_path / "ann.jpg"))
    (found,) = looked.faces
    assert (looked.space, found.complaint) == (SPACE, "")
    assert _size_px(looked.jpeg) == ann.size
    assert _size_px(found.crop) == (160, 160)
    assert found.face.vector is not None
    assert np.linalg.norm(found.face.vector) == pytest.approx(1, abs=1e-5)
    assert "array" not in repr(looked)
    assert len(repr(looked)) < 2_000, "no picture is ever written down"


def test_people_are_told_apart_by_their_photos(look: Look, real_media: Path) -> None:
    faces = real_media / "faces"
    one, same = (look(faces / "Angelina_Jolie" / f"img{number}.jpg") for number in (1, 2))
    other = look(faces / "Katy_Perry" / "img26.jpg")
    assert _cosine(one, same) > THRESHOLD > _cosine(one, other)


def test_of_several_people_the_largest_comes_first_and_each_has_a_crop(look: Look, real_media: Path) -> None:
    looked = look(real_media / "faces_group" / "couple.jpg")
    sizes = [found.face.quality.size_px for found in looked.faces]
    areas = [
        (found.face.box.right - found.face.box.left) * (found.face.box.bottom - found.face.box.top)
        for found in looked.faces
    ]
    assert len(sizes) >= 2
    assert areas == sorted(areas, reverse=True)
    assert len({found.crop for found in looked.faces}) == len(looked.faces)


def test_a_large_photo_is_kept_smaller(look: Look, ann: Image.Image, tmp_path: Path) -> None:
    looked = look(_saved(ann.resize((2132, 2880)), tmp_path / "large.jpg"))
    assert _size_px(looked.jpeg) == (1184, 1600)
    assert looked.faces[0].complaint == ""


def test_a_photo_of_two_hundred_megapixels_is_looked_at(look: Look, ann: Image.Image, tmp_path: Path) -> None:
    wall = Image.new("RGB", (16_000, 12_500), _GREY)
    wall.paste(ann.resize((8_000, 10_800)), (4_000, 1_000))
    looked = look(_saved(wall, tmp_path / "wall.jpg"))
    assert _size_px(looked.jpeg) == (1600, 1250)
    assert [found.complaint for found in looked.faces] == [""]


@pytest.mark.parametrize("kind", ["turned", "transparent", "grey", "wrong name", "palette"])
def test_the_same_face_is_seen_however_it_is_stored(
    kind: str, look: Look, ann: Image.Image, tmp_path: Path
) -> None:
    plain = look(_saved(ann, tmp_path / "ann.jpg"))
    match kind:
        case "turned":
            exif = Image.Exif()
            exif[_ORIENTATION] = _TURNED_RIGHT
            ann.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "other.jpg", exif=exif, quality=95)
            file = tmp_path / "other.jpg"
        case "transparent":
            clear = ann.convert("RGBA")
            clear.paste((0, 0, 0, 0), (0, 0, 533, 60))
            file = _saved(clear, tmp_path / "other.png")
        case "grey":
            file = _saved(ann.convert("L"), tmp_path / "other.jpg")
        case "palette":
            file = _saved(ann.convert("P"), tmp_path / "other.png")
        case _:
            file = _saved(ann, tmp_path / "other.png").rename(tmp_path / "other.jpg")
    other = look(file)
    assert _size_px(other.jpeg) == _size_px(plain.jpeg)
    assert _cosine(plain, other) > 0.7
    box, kept = plain.faces[0].face.box, other.faces[0].face.box
    assert (kept.left, kept.top, kept.right, kept.bottom) == pytest.approx(
        (box.left, box.top, box.right, box.bottom), abs=0.05
    )


def test_a_face_that_is_too_small_is_told_in_pixels(look: Look, ann: Image.Image, tmp_path: Path) -> None:
    far = Image.new("RGB", (800, 600), _GREY)
    far.paste(ann.resize((96, 130), Image.Resampling.LANCZOS), (300, 200))
    (found,) = look(_saved(far, tmp_path / "far.png")).faces
    size_px = found.face.quality.size_px
    assert 25 < size_px < 60
    assert found.complaint == (
        f"This face is too small: {size_px} pixels, and 60 are wanted. "
        "Cut the picture to it, or take one from nearer."
    )


def test_a_blurred_face_is_told_so(look: Look, ann: Image.Image, tmp_path: Path) -> None:
    (found,) = look(_saved(ann.filter(ImageFilter.GaussianBlur(9)), tmp_path / "soft.png")).faces
    assert found.complaint.startswith("This face is too blurred")


def test_a_face_that_is_turned_away_is_told_so(look: Look, real_media: Path) -> None:
    (found,) = look(real_media / "faces" / "George_W_Bush" / "George_W_Bush_0004.jpg").faces
    assert found.complaint.startswith("This face is turned away")


@pytest.mark.parametrize(
    ("size_px", "sharpness", "frontality", "told"),
    [
        (60, 0.4, 0.35, ""),
        (59, 0.1, 0.1, "This face is too small: 59 pixels, and 60 are wanted."),
        (60, 0.39, 0.1, "This face is too blurred"),
        (60, 0.4, 0.34, "This face is turned away"),
    ],
)
def test_the_worst_is_told(size_px: int, sharpness: float, frontality: float, told: str) -> None:
    face = FaceObservation(Box(0, 0, 1, 1), (), 1.0, FaceQuality(size_px, sharpness, frontality))
    assert complaint_of(face).startswith(told)
    assert bool(complaint_of(face)) == bool(told)


def test_good_photos_are_not_complained_of(look: Look, real_media: Path) -> None:
    """Of these, one or two show somebody who looks to the side."""
    photos = sorted((real_media / "faces").glob("*/*.*"))[::3]
    told = [photo for photo in photos if look(photo).faces[0].complaint]
    assert len(told) <= len(photos) / 20


def test_a_drawing_without_a_face_is_told_so(look: Look, tmp_path: Path) -> None:
    drawing = Image.new("RGB", (640, 480), "lightblue")
    pen = ImageDraw.Draw(drawing)
    pen.rectangle((200, 220, 440, 420), fill="firebrick")
    pen.polygon([(180, 220), (320, 100), (460, 220)], fill="saddlebrown")
    pen.ellipse((520, 30, 600, 110), fill="yellow")
    with pytest.raises(InputError, match=r"No face can be seen in “house\.png”"):
        look(_saved(drawing, tmp_path / "house.png"))


def test_what_cannot_be_opened_is_told_so(look: Look, ann: Image.Image, tmp_path: Path) -> None:
    whole = _saved(ann, tmp_path / "whole.jpg").read_bytes()
    refused = {
        "text.jpg": (b"dear diary", "no picture that can be read"),
        "cut.jpg": (whole[: len(whole) // 2], "is damaged"),
        "photo.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "is a HEIC photo"),
    }
    for name, (content, sentence) in refused.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=sentence):
            look(tmp_path / name)
    with pytest.raises(InputError, match="1 × 1 pixels: too few"):
        look(_saved(Image.new("RGB", (1, 1)), tmp_path / "dot.png"))
    with pytest.raises(FileGone):
        look(tmp_path / "nothing.jpg")


def test_at_a_moment_of_a_video_the_face_that_was_pointed_at_is_found_alone(
    desk: PhotoDesk, look: Look, real_media: Path, tmp_path: Path
) -> None:
    group = Image.open(real_media / "faces_group" / "couple.jpg").convert("RGB").resize((640, 480))
    film = _write_still(tmp_path / "couple.mp4", np.asarray(group))
    (frame,) = grab_frames(film, [0])
    anywhere = look(_saved(Image.fromarray(frame.image), tmp_path / "frame.png"))
    assert len(anywhere.faces) >= 2
    for wanted in anywhere.faces:
        found = desk.look_at_moment(film, 0, wanted.face.box, threading.Event())
        (only,) = found.faces
        assert overlap(only.face.box, wanted.face.box) > 0.7
        assert _size_px(found.jpeg) == (640, 480)
        assert found.space == SPACE
    with pytest.raises(InputError, match="No face can be seen at this place"):
        desk.look_at_moment(film, 0, Box(0, 0, 0.05, 0.05), threading.Event())
    with pytest.raises(FileGone):
        desk.look_at_moment(real_media / "nothing.mp4", 0, Box(0, 0, 1, 1), threading.Event())


def _write_still(path: Path, picture: np.ndarray) -> Path:
    """Write a film that shows one picture (RGB) for half a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_moment_without_a_face_is_told_so(desk: PhotoDesk, real_media: Path) -> None:
    with pytest.raises(InputError, match="No face can be seen at this place"):
        desk.look_at_moment(real_media / "clips" / "red_apple.mp4", 500, Box(0, 0, 1, 1), threading.Event())


def test_without_a_face_model_nothing_is_looked_at(
    real_models: Path, ann: Image.Image, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, real_models, Choice(Role.FACE))
    desk = PhotoDesk(InlineWorker(partial(enrol_jobs, settings)))
    with pytest.raises(ModelMissing, match="without a face model"):
        desk.look(_saved(ann, tmp_path / "ann.jpg"), threading.Event())
    with pytest.raises(ModelMissing, match="without a face model"):
        desk.refresh_photos(threading.Event())


def test_a_child_looks_at_photos_and_stays_for_the_next(
    real_models: Path, face_model: Path, ann: Image.Image, tmp_path: Path
) -> None:
    face = Choice(Role.FACE, "retail", Engine.FACE_ONNX, face_model, "1")
    desk = PhotoDesk(ChildWorker("photos", partial(enrol_jobs, _settings(tmp_path, real_models, face))))
    file = _saved(ann, tmp_path / "ann.jpg")
    fractions: list[float] = []
    first, second = (desk.look(file, threading.Event(), fractions.append) for _ in range(2))
    assert _cosine(first, second) == pytest.approx(1, abs=1e-4)
    assert fractions
    with pytest.raises(InputError, match="is damaged"):
        desk.look(_cut(file), threading.Event())
    assert desk.look(file, threading.Event()).jpeg == first.jpeg
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        desk.look(file, stop)
    assert desk.take_notices() == ()
    desk.close()
    with pytest.raises(Stopped):
        desk.look(file, threading.Event())


def _cut(file: Path) -> Path:
    other = file.with_name("cut.jpg")
    other.write_bytes(file.read_bytes()[:9_000])
    return other


def test_a_look_is_stopped_at_its_next_step() -> None:
    stop, steps = threading.Event(), list[str]()

    def job(_: object) -> Generator[float]:
        steps.append("begun")
        stop.set()
        yield 0.1
        steps.append("went on")

    desk = PhotoDesk(InlineWorker(lambda: {LOOK_AT_PHOTO: job}))
    with pytest.raises(Stopped):
        desk.look(Path("a.jpg"), stop)
    assert steps == ["begun"]


def test_closing_the_desk_ends_a_look() -> None:
    looking = threading.Event()
    desk = PhotoDesk(InlineWorker(lambda: {LOOK_AT_PHOTO: job}))
    ended: list[type[Exception]] = []

    def job(_: object) -> Generator[float]:
        while True:
            looking.set()
            yield 0.1

    def look() -> None:
        try:
            desk.look(Path("a.jpg"), threading.Event())
        except Stopped:
            ended.append(Stopped)

    thread = threading.Thread(target=look)
    thread.start()
    looking.wait()
    desk.close()
    thread.join()
    assert ended == [Stopped]


@pytest.mark.parametrize(
    ("faces", "face_enrollment", "told"),
    [(False, True, "until you agree"), (True, False, "switched off"), (True, True, "")],
)
def test_photos_are_looked_at_only_with_consent(faces: bool, face_enrollment: bool, told: str) -> None:
    if not told:
        allow(faces=faces, face_enrollment=face_enrollment)
        return
    with pytest.raises(InputError, match=told) as refused:
        allow(faces=faces, face_enrollment=face_enrollment)
    assert refused.value.advice


def test_a_wrong_photo_is_found_among_real_ones(look: Look, real_media: Path) -> None:
    faces = real_media / "faces"
    names = {"jolie": "Angelina_Jolie", "perry": "Katy_Perry", "damon": "Matt_Damon"}
    people = {
        PersonId(one): [
            _portrait(look(photo), photo.name) for photo in sorted((faces / folder).iterdir())[:4]
        ]
        for one, folder in names.items()
    }
    scale = Scale(THRESHOLD)
    for one, own in people.items():
        assert complaints(own, scale) == {}
        assert all((agreement or 0) > SUGGESTED_FROM for agreement in agreements(own, scale).values())
        for other, others in people.items():
            if other != one:
                assert list(complaints([*own, others[0]], scale)) == [others[0].id]
    middles = {
        one: centre([photo.vector for photo in own], [photo.quality for photo in own])
        for one, own in people.items()
    }
    assert look_alikes(middles, scale) == []
    twice = look_alikes({**middles, PersonId("again"): people[PersonId("jolie")][0].vector}, scale)
    assert [(pair.one, pair.other) for pair in twice] == [("jolie", "again")]


def _portrait(looked: PhotoLook, name: str) -> Portrait:
    face = looked.faces[0].face
    assert face.vector is not None
    return Portrait(PhotoId(name), face.vector, face.quality.score)
