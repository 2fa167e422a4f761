"""The stage that embeds what is said leaves alone what other stages found."""

from dataclasses import replace
from pathlib import Path

from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace, Segment, Transcript
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.pipeline.embedding import embed_transcripts
from heimdex_desktop.pipeline.stage import StageJob
from tests.models.clips import record_of
from tests.pipeline.driving import finish
from tests.pipeline.workshop import SPACE, DigestEncoder

SEEN = EmbeddingSpace("eyes", "1", 8)


def test_the_vectors_of_other_roles_are_kept(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.touch()
    record = record_of(film, 2)
    spoken, silent = (scene.embedded(VISION, SEEN) for scene in record.scenes)
    spoken = replace(spoken, transcript=Transcript((Segment(spoken.span, "We left before sunrise."),)))
    record = replace(record, scenes=(spoken, silent.embedded(TEXT, EmbeddingSpace("older", "1", 4))))
    sidecars = SidecarStore(Places(tmp_path / "library"))
    done = finish(embed_transcripts(DigestEncoder(), sidecars)(StageJob(record, film, "print")))
    assert [dict(scene.embeddings) for scene in done.scenes] == [{TEXT: SPACE, VISION: SEEN}, {VISION: SEEN}]
