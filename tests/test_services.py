"""The pieces are put together as the settings say, and taken apart again without a trace."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.pipeline.stages import MEANING
from heimdex_desktop.pipeline.worker_process import Stopped
from heimdex_desktop.services import Services, choose_text_model, resource
from heimdex_desktop.settings import Preset, Settings
from tests.pipeline.samples import video_id


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def services(library: Path) -> Iterator[Services]:
    made = Services(Settings(library=library, text_model="none"))
    yield made
    made.close()


@pytest.mark.parametrize("settings", [Settings(semantic_search=False), Settings(text_model="none")])
def test_search_by_words_alone_when_it_was_chosen(settings: Settings) -> None:
    model = choose_text_model(settings)
    assert (model.space, model.waits_for) == (None, "")


@pytest.mark.parametrize("preset", [Preset.COMPACT, Preset.FULL])
def test_a_preset_whose_model_is_not_here_waits_for_it(preset: Preset, library: Path) -> None:
    model = choose_text_model(Settings(library, preset=preset))
    assert model.space is None
    assert model.waits_for.startswith("Search by meaning waits for its model:")


def test_a_folder_without_a_model_is_named(library: Path, tmp_path: Path) -> None:
    model = choose_text_model(Settings(library, text_model=str(tmp_path)))
    assert model.space is None
    assert tmp_path.name in model.waits_for


def test_without_a_text_model_no_stage_asks_for_one(services: Services) -> None:
    assert MEANING not in {spec.name for spec in services.specs}
    assert services.query_encoder(in_child=True) is None


def test_a_missing_model_lets_its_stage_wait(library: Path) -> None:
    services = Services(Settings(library=library, preset=Preset.COMPACT))
    waiting = {spec.name for spec in services.specs if spec.waits_for}
    services.close()
    assert waiting == {MEANING}


def test_a_library_that_is_a_file_is_refused_in_a_sentence(library: Path) -> None:
    library.write_text("a file", encoding="utf-8")
    with pytest.raises(HeimdexError, match="library") as caught:
        Services(Settings(library=library))
    assert caught.value.advice


def test_the_sample_can_be_stopped(services: Services) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        services.make_sample(stop)


def test_a_still_lies_in_the_library(services: Services, library: Path) -> None:
    scene = FoundScene(
        id=SceneId("1"), video_id=video_id(1), locations=(), span=TimeSpan(0, 1), still="a/1.jpg"
    )
    assert services.still_path(scene) == library / "stills" / "a" / "1.jpg"
    without = FoundScene(id=SceneId("1"), video_id=video_id(1), locations=(), span=TimeSpan(0, 1))
    assert services.still_path(without) is None


def test_an_empty_library_has_nothing_to_tell(services: Services) -> None:
    assert services.census() == ()
    assert services.take_notices() == ()


@pytest.mark.parametrize("name", ["appearance_tags.toml"])
def test_what_comes_with_the_program_is_found(name: str) -> None:
    assert resource(name).is_file()
