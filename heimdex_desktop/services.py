"""Builds everything and knows every part: the one place where the pieces are put together."""

import functools
import importlib
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop import diagnostics
from heimdex_desktop.chosen_models import ChosenModels
from heimdex_desktop.domain.errors import HeimdexError, MachineError
from heimdex_desktop.domain.models import Choice, Role
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.search import Hit, HitPictures
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.inference.threads import prepare_environment, usable_cores
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.working import WorkLock
from heimdex_desktop.pipeline.board import VideoRow
from heimdex_desktop.pipeline.enrolling import PhotoDesk, allow, faces_are_off
from heimdex_desktop.pipeline.examination import ENGINES, examine
from heimdex_desktop.pipeline.forecast import Pace
from heimdex_desktop.pipeline.indexing import Crew, Indexing, Post
from heimdex_desktop.pipeline.intake import Arrival, Arrived, Intake
from heimdex_desktop.pipeline.jobs import SAMPLE, WorkSettings, enrol_jobs, media_jobs, model_jobs, query_jobs
from heimdex_desktop.pipeline.known_names import KnownNames
from heimdex_desktop.pipeline.lanes import SLOTS, Lanes
from heimdex_desktop.pipeline.plan import failures, standings
from heimdex_desktop.pipeline.publish import Publisher
from heimdex_desktop.pipeline.query_encoder import QueryEncoders
from heimdex_desktop.pipeline.rows import RowWriter, Work, offline_row
from heimdex_desktop.pipeline.runner import StageRunner, WorkerPool
from heimdex_desktop.pipeline.scheduler import Wanted
from heimdex_desktop.pipeline.shelf import Shelf
from heimdex_desktop.pipeline.stage import StageSpec
from heimdex_desktop.pipeline.stage_models import stage_models, vector_kinds
from heimdex_desktop.pipeline.stages import stage_specs
from heimdex_desktop.pipeline.worker_process import ChildWorker, InlineWorker, Jobs, Worker
from heimdex_desktop.settings import Settings

if TYPE_CHECKING:
    from heimdex_desktop.domain.video import VideoId
    from heimdex_desktop.index.alike import PictureEncoders
    from heimdex_desktop.index.likeness import Encoders
    from heimdex_desktop.index.search import Searcher
    from heimdex_desktop.people_desk import PeopleDesk


class Services:
    """The object graph for one library.

    Making it opens the catalogue and checks the text model: some tenths of a second, so not on a
    window's thread. Raises HeimdexError when the library folder cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        # Children inherit it, and read it when their libraries load.
        prepare_environment(usable_cores())
        self.settings = settings
        self.places = Places(settings.library)
        self.places.create()
        diagnostics.start_log(self.places.logs, "heimdex")
        self.models = ChosenModels.of(settings, self.places, resource("vision_tags.toml"))
        self.sidecars = SidecarStore(self.places, beside_videos=settings.sidecars_beside_videos)
        self.catalogue = Catalogue(self.places.catalogue_file)
        self.specs = stage_specs(stage_models(self.models.chosen))
        kinds = vector_kinds(self.specs, self.models.chosen.spaces)
        self.publisher = Publisher(self.places, self.sidecars, kinds)
        self.shelf = Shelf(self.places, self.sidecars, self.catalogue, self.publisher)
        self.known_names = KnownNames(self.places)
        self._lock: WorkLock | None = None
        self._runner: StageRunner | None = None
        self._work = WorkSettings(
            library=settings.library,
            beside_videos=settings.sidecars_beside_videos,
            engines=self.models.engines,
            speech_language=settings.speech_language,
        )

    def indexing(self, lanes: Lanes, post: Post, *, only: Collection[str] = ()) -> Indexing:
        """Return the work on this library, after `begin_work`; it belongs to the calling thread.

        Where stages are named in `only`, no other runs: with `LOCAL_STAGES` no model does, and no new
        video is watched. What is not in a sidecar waits.
        """
        specs = tuple(_only(only, spec) for spec in self.specs) if only else self.specs
        media = [self._child(f"media-{n}", media_jobs) for n in range(SLOTS[Lane.MEDIA])]
        workers = {
            Lane.MEDIA: WorkerPool(media),
            Lane.MODEL: WorkerPool([self._child("model", model_jobs)]),
        }
        self._runner = runner = StageRunner(specs, self.shelf, self.publisher, workers)
        return Indexing(
            Crew(
                specs, SLOTS, runner, Intake(specs, self.shelf, skip_globs=self.settings.skip), self.publisher
            ),
            lanes,
            post,
        )

    def census(self) -> tuple[VideoRow, ...]:
        """Return how every video of the library stands, without running anything."""
        rows: list[VideoRow] = []
        writer = RowWriter(self.specs, Pace())

        def note(arrival: Arrival) -> None:
            if isinstance(arrival, Arrived) and arrival.absence:
                rows.append(offline_row(arrival.video, arrival.known, arrival.absence))
            elif isinstance(arrival, Arrived):
                wanted = Wanted(arrival.facts, 0, standings(self.specs, arrival.facts))
                failed = tuple(failures(self.specs, wanted.facts, wanted.standing).values())
                rows.append(
                    writer.row(arrival.video, arrival.known, Work(wanted, None, failed, paused=False))
                )

        Intake(self.specs, self.shelf).recall(threading.Event(), note, look_for_new=False)
        return tuple(rows)

    @classmethod
    def at_work(cls, settings: Settings) -> "Services":
        """Return the services of a library with its work begun. Raises as `begin_work` does."""
        services = cls(settings)
        try:
            services.begin_work()
        except HeimdexError:
            services.close()
            raise
        return services

    def begin_work(self) -> None:
        """Take the library for this program, and open the index for writing.

        Raises HeimdexError when another program works on it, or its folder cannot be used.
        """
        # Loads the database before any lane can: two threads that import it at once break each other.
        importlib.import_module("heimdex_desktop.index.search")
        self._lock = WorkLock(self.places)
        self.publisher.open()
        self.models.remember(self.publisher.switching)

    def query_encoders(self, *, in_child: bool) -> QueryEncoders | None:
        """Return the encoders for queries, or None where search is by words and tags alone."""
        offered = self.models.offered
        if not offered:
            return None
        worker: Worker = (
            self._child("search", query_jobs, patient=False)
            if in_child
            else InlineWorker(self._builder("search", query_jobs))
        )
        return QueryEncoders(worker, offered)

    def searcher(self, encoders: "Encoders | None", pictures: "PictureEncoders | None" = None) -> "Searcher":
        """Return the search over this library; loads the database, so not on a window's thread."""
        from heimdex_desktop.index.alike import no_pictures
        from heimdex_desktop.index.likeness import no_encoder
        from heimdex_desktop.index.search import Searcher
        from heimdex_desktop.index.tag_words import TagWords

        own = [" ".join(tag.split()).casefold() for tag in self.settings.tags]
        files = (resource("appearance_tags.toml"), resource("vision_tags.toml"))
        return Searcher(
            self.places.lancedb,
            encoders or no_encoder,
            TagWords.load(*files, own=own),
            pictures=pictures or no_pictures,
            people=self.known_names,
        )

    def people_desk(
        self, on_changed: "Callable[[tuple[VideoId, ...]], None]" = lambda _: None
    ) -> "PeopleDesk":
        """Return the desk about people, after `begin_work`; reading begins with its first order.

        `on_changed` hears of videos in which somebody else is seen: these are due to be looked at again.
        """
        from heimdex_desktop.inference.face_recogniser import space_of, threshold_of
        from heimdex_desktop.people_desk import DeskMeans, PeopleDesk

        face = self.models.chosen.choices[Role.FACE]
        means = DeskMeans(
            self.places,
            self.shelf,
            self.publisher,
            threshold_of(face),
            space_of(face),
            _trouble_with_faces(self.settings, face),
            self.settings.face_enrollment,
            on_changed,
        )
        return PeopleDesk(means)

    def make_sample(self, stop: threading.Event) -> Path:
        """Draw the sample video, or find the one drawn before; takes some seconds.

        Raises HeimdexError, and Stopped once `stop` is set.
        """
        worker = self._child("sample", media_jobs, patient=False)
        try:
            made: Path = worker.run(SAMPLE, self.places.root / "sample", stop=stop, progress=lambda _: None)
            return made
        finally:
            worker.close()

    def photo_desk(self, *, to_enrol: bool = True) -> PhotoDesk:
        """Return what looks at photos of people, in a child process that starts with the first photo.

        Without `to_enrol` it is for photos that are kept already: that may be where nobody may be added.
        Raises InputError where a person has not agreed to it.
        """
        may_enrol = self.settings.face_enrollment or not to_enrol
        allow(faces=self.settings.faces, face_enrollment=may_enrol)
        return PhotoDesk(self._child("photos", enrol_jobs))

    def places_of_work(self, stop: threading.Event) -> Mapping[Role, str]:
        """Return on what each model that is here runs, in a few words; takes some seconds.

        Raises MachineError where that cannot be found out, and Stopped once `stop` is set.
        """
        examined, trouble = examine(ENGINES, self.settings.device.value, stop)
        if trouble:
            raise MachineError(trouble, "“heimdex doctor” says more.")
        ready = (choice for choice in self.models.chosen.choices.values() if choice.engine)
        return {choice.role: examined.devices.of(choice.engine).place for choice in ready}

    def pictures_of(self, hit: Hit) -> HitPictures:
        """Return where the pictures of a hit lie, without looking whether they are there."""
        scene, sight = hit.scene, hit.sight
        return HitPictures(
            still=self.places.stills / scene.still if scene.still else None,
            face=FaceCrops(self.places).crop(FaceRef(scene.video_id, sight.best_ms, sight.best))
            if sight
            else None,
        )

    def take_notices(self) -> tuple[str, ...]:
        """Return what a person should know and was not told yet."""
        at_work = self._runner.take_notices() if self._runner else ()
        kept = (*self.sidecars.take_notices(), *self.catalogue.notices, *self.publisher.take_notices())
        self.catalogue.notices = ()
        return (*kept, *at_work)

    def close(self) -> None:
        self.catalogue.close()
        if self._lock:
            self._lock.release()
        diagnostics.stop_log()

    def _child(self, name: str, jobs: Callable[[WorkSettings], Jobs], *, patient: bool = True) -> ChildWorker:
        return ChildWorker(name, self._builder(name, jobs), patient=patient)

    def _builder(self, name: str, jobs: Callable[[WorkSettings], Jobs]) -> Callable[[], Jobs]:
        return functools.partial(build_in_child, jobs, self._work, self.places.logs, name)


def build_in_child(
    jobs: Callable[[WorkSettings], Jobs], settings: WorkSettings, logs: Path, name: str
) -> Jobs:
    """Set a worker up and return what it can do."""
    diagnostics.start_log(logs, name)
    return jobs(settings)


def _trouble_with_faces(settings: Settings, face: Choice) -> str:
    """Say why faces are not told apart at present, and what to do; nothing where they are."""
    if not settings.faces:
        return str(faces_are_off())
    if face.is_ready:
        return ""
    return face.waits_for or "No face model is chosen. Choose one: heimdex models."


def _only(stages: Collection[str], spec: StageSpec) -> StageSpec:
    if spec.name in stages:
        return spec
    return replace(spec, waits_for="Not all is known of this video: run “heimdex index” on it.")


def resource(name: str) -> Path:
    """Return a file that comes with the program, in a checkout or installed."""
    package = Path(__file__).parent
    installed = package / "resources" / name
    return installed if installed.exists() else package.parent / "resources" / name
