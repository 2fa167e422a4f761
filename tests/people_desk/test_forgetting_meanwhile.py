"""Somebody is forgotten while other work is going on: neither one spoils the other."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.people_facts import Receipt
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.pipeline.face_finding import find_faces
from heimdex_desktop.pipeline.stages import FACES
from tests.end_to_end.conftest import BRIGHT, DARK, write_film
from tests.inference.face_samples import BlotFinder
from tests.people_desk.studio import Studio, photo_of

NAME = "Quorra Zyx"


class Meanwhile:
    """Has somebody forgotten on another thread, once, and gives that some time to be done."""

    def __init__(self, forget: Callable[[], Receipt]) -> None:
        self._forget = forget
        self._thread = threading.Thread(target=self._run)
        self.receipt: Receipt | None = None

    def begin(self) -> None:
        if self._thread.ident is None:
            self._thread.start()
            self._thread.join(3.0)

    def end(self) -> Receipt:
        self._thread.join()
        assert self.receipt
        return self.receipt

    def _run(self) -> None:
        self.receipt = self._forget()


@pytest.mark.parametrize(
    "moment", [(SidecarStore, "bring_along"), (SceneStore, "publish")], ids=["before", "while"]
)
def test_publishing_meanwhile_leaves_nobody_in_an_old_version_of_the_index(
    studio: Studio, moment: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    video = studio.film("one.mp4", "ann bob\nann")
    ann = studio.desk.create(NAME)
    studio.desk.add_photo(ann, photo_of("ann"), 0)
    studio.settle()
    assert _in_index(studio, ann)
    meanwhile = Meanwhile(lambda: studio.desk.forget(ann))
    kind, name = moment
    go_on = getattr(kind, name)

    def interrupted(*given: object, **more: object) -> object:
        meanwhile.begin()
        return go_on(*given, **more)

    monkeypatch.setattr(kind, name, interrupted)
    video.home.with_suffix(".srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nElse.\n", "utf-8")
    studio.shop.indexing.look_again([video.id])
    studio.shop.finish()
    assert meanwhile.end().left == ()
    studio.settle()
    assert _in_index(studio, ann) == []


def _in_index(studio: Studio, mark: str) -> list[Path]:
    files = (file for file in studio.places.lancedb.rglob("*") if file.is_file())
    return [file for file in files if mark.encode() in file.read_bytes()]


class InterruptedFinder(BlotFinder):
    """Finds faces, and lets something happen in the middle of the first film."""

    def __init__(self) -> None:
        self.asked = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        self.asked += 1
        if self.asked == 3:
            self.meanwhile()
        return super().find(pictures)


@pytest.mark.parametrize("everybody", [False, True])
def test_a_video_whose_faces_are_looked_for_meanwhile_does_not_fail(tmp_path: Path, everybody: bool) -> None:
    finder = InterruptedFinder()
    studio = Studio(tmp_path, faces=lambda places: find_faces(finder, FaceStore(places), FaceCrops(places)))
    ann = studio.desk.create(NAME)
    studio.desk.add_photo(ann, photo_of("ann"), 0)
    receipts: list[Receipt] = []
    finder.meanwhile = lambda: receipts.append(
        studio.desk.forget_all() if everybody else studio.desk.forget(ann)
    )
    film = write_film(studio.films / "film.mp4", [(DARK, 2000), (BRIGHT, 2000)])
    studio.shop.add(film)
    assert receipts[0].left == ()
    assert studio.shop.row("film.mp4").failure is None
    assert studio.shop.ran.count(FACES) == 2, "it began anew"
    studio.desk.refresh()
    (group,) = studio.desk.facts().groups
    assert all(card.crop and card.crop.is_file() for card in group.faces)
    studio.close()
