"""What a worker process can do; the only part of the pipeline that loads what does the heavy work."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop.pipeline.stages import MEANING, PROBE, SCENES, STILLS, WORDS

if TYPE_CHECKING:
    from heimdex_desktop.pipeline.worker_process import Jobs

ENCODE = "encode"
SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """The plain values a worker is built from; it travels to the child process."""

    library: Path
    beside_videos: bool
    text_model: Path | None = None
    text_model_name: str = ""


def media_jobs(settings: WorkSettings) -> "Jobs":
    """Return what the media lane runs."""
    # Imported here, in the child: the window's process must stay free of decoders and networks.
    from heimdex_desktop.library.places import Places
    from heimdex_desktop.pipeline.looking import draw_sample, find_scenes, make_stills, probe_file
    from heimdex_desktop.pipeline.reading import read_words

    places = Places(settings.library)
    return {
        PROBE: probe_file,
        SCENES: find_scenes,
        STILLS: make_stills(places),
        WORDS: read_words,
        SAMPLE: draw_sample,
    }


def model_jobs(settings: WorkSettings) -> "Jobs":
    """Return what the model lane and the query encoder run; models stay loaded between tasks."""
    from heimdex_desktop.inference.encoders import SentenceEncoder
    from heimdex_desktop.library.places import Places
    from heimdex_desktop.library.sidecar_store import SidecarStore
    from heimdex_desktop.pipeline.embedding import embed_transcripts, encode_texts

    if settings.text_model is None:
        return {}
    encoder = SentenceEncoder(settings.text_model, name=settings.text_model_name)
    sidecars = SidecarStore(Places(settings.library), beside_videos=settings.beside_videos)
    return {MEANING: embed_transcripts(encoder, sidecars), ENCODE: encode_texts(encoder)}
