"""What a worker process can do; the only part of the pipeline that loads what does the heavy work."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heimdex_desktop.pipeline.engines import Engines, EngineSettings
from heimdex_desktop.pipeline.notices import Job, Jobs, Notices, Step
from heimdex_desktop.pipeline.stage import Stage
from heimdex_desktop.pipeline.stages import (
    FACES,
    HEARING,
    MEANING,
    PEOPLE,
    PROBE,
    SCENES,
    SCREEN_TEXT,
    SEEING,
    STILLS,
    TAGGING,
    WORDS,
)

if TYPE_CHECKING:
    from heimdex_desktop.library.places import Places

LOOK_AT_PHOTO = "look at photo"
LOOK_AT_MOMENT = "look at moment"
REFRESH_PHOTOS = "refresh photos"
ENCODE = "encode"
ENCODE_PICTURES = "encode pictures"
OPINION = "opinion"
SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """The plain values a worker is built from; it travels to the child process."""

    library: Path
    beside_videos: bool
    engines: EngineSettings = field(default_factory=EngineSettings)
    speech_language: str = ""


def media_jobs(settings: WorkSettings) -> Jobs:
    """Return what the media lane runs."""
    # Imported here, in the child: the window's process must stay free of decoders and networks.
    from heimdex_desktop.library.face_vectors import FaceStore
    from heimdex_desktop.library.places import Places
    from heimdex_desktop.library.seen_people import SeenPeople
    from heimdex_desktop.pipeline.looking import draw_sample, find_scenes, make_stills, probe_file
    from heimdex_desktop.pipeline.naming import name_people
    from heimdex_desktop.pipeline.reading import read_words

    places = Places(settings.library)
    return {
        PROBE: probe_file,
        SCENES: find_scenes,
        STILLS: make_stills(places),
        WORDS: read_words,
        PEOPLE: name_people(FaceStore(places), SeenPeople(places)),
        SAMPLE: draw_sample,
    }


def model_jobs(settings: WorkSettings) -> Jobs:
    """Return what the model lane runs; an engine is loaded by the first stage that needs it, and kept."""
    from heimdex_desktop.library.places import Places
    from heimdex_desktop.library.sidecar_store import SidecarStore
    from heimdex_desktop.pipeline.embedding import embed_transcripts
    from heimdex_desktop.pipeline.screen_text import read_screens
    from heimdex_desktop.pipeline.seeing import embed_pictures, tag_pictures

    places = Places(settings.library)
    sidecars = SidecarStore(places, beside_videos=settings.beside_videos)
    notices = Notices()
    engines = Engines(settings.engines, notices)
    jobs: Jobs = {
        SEEING: _later(lambda: embed_pictures(engines.image_encoder, sidecars)),
        TAGGING: _later(lambda: tag_pictures(engines.tagger, sidecars)),
        HEARING: _later(lambda: _hearing(engines, places, settings.speech_language)),
        MEANING: _later(lambda: embed_transcripts(engines.text_encoder, sidecars)),
        SCREEN_TEXT: _later(lambda: read_screens(engines.text_reader)),
        FACES: _later(lambda: _face_finding(engines, places)),
    }
    return notices.told_by(jobs)


def query_jobs(settings: WorkSettings) -> Jobs:
    """Return what the search runs."""
    from heimdex_desktop.pipeline.embedding import ask_opinion, encode_queries, encode_query_pictures

    engines = Engines(settings.engines, Notices())
    return {
        ENCODE: encode_queries(engines.query_encoder),
        ENCODE_PICTURES: encode_query_pictures(engines.query_pictures),
        OPINION: ask_opinion(engines.query_encoder),
    }


def enrol_jobs(settings: WorkSettings) -> Jobs:
    """Return what looks at photos of people: on the CPU, so that the indexing keeps the GPU."""
    from heimdex_desktop.library.photos import PhotoStore
    from heimdex_desktop.library.places import Places
    from heimdex_desktop.pipeline.photo_looks import look_at_moment, look_at_photo, refresh_photos

    notices = Notices()
    engines = Engines(replace(settings.engines, device="cpu"), notices)
    photos = PhotoStore(Places(settings.library))
    jobs: Jobs = {
        LOOK_AT_PHOTO: _later(lambda: look_at_photo(engines.face_recogniser)),
        LOOK_AT_MOMENT: _later(lambda: look_at_moment(engines.face_recogniser)),
        REFRESH_PHOTOS: _later(lambda: refresh_photos(photos, engines.face_recogniser)),
    }
    return notices.told_by(jobs)


def _hearing(engines: Engines, places: "Places", language: str) -> Stage:
    from heimdex_desktop.library.drafts import Drafts
    from heimdex_desktop.pipeline.hearing import hear

    return hear(engines.transcriber, Drafts(places), language or None)


def _face_finding(engines: Engines, places: "Places") -> Stage:
    from heimdex_desktop.library.face_crops import FaceCrops
    from heimdex_desktop.library.face_vectors import FaceStore
    from heimdex_desktop.pipeline.face_finding import find_faces

    return find_faces(engines.face_recogniser, FaceStore(places), FaceCrops(places))


def _later(make: Callable[[], Job]) -> Job:
    """Return a job that is made when it runs: what it needs is loaded then."""

    def run(argument: Any) -> Generator[Step, None, Any]:
        yield 0.0
        return (yield from make()(argument))

    return run
