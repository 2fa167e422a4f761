"""The pieces are put together as the settings say, and taken apart again without a trace."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from heimdex_desktop.chosen_models import ChosenModels
from heimdex_desktop.domain.errors import HeimdexError, InputError, ModelMissing
from heimdex_desktop.domain.models import Role
from heimdex_desktop.domain.people_events import Made, PersonId
from heimdex_desktop.domain.scene import TEXT, VISION, Box, SceneId, Sight
from heimdex_desktop.domain.search import Channel, FoundScene, Hit, HitPictures, Reason
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.places import Places
from heimdex_desktop.pipeline.known_names import KnownNames
from heimdex_desktop.pipeline.stage import StageSpec
from heimdex_desktop.pipeline.stage_models import Chosen
from heimdex_desktop.pipeline.stages import FACES, HEARING, MEANING, SEEING, TAGGING
from heimdex_desktop.pipeline.worker_process import Stopped
from heimdex_desktop.services import Services, resource
from heimdex_desktop.settings import Preset, Settings
from tests.pipeline.samples import video_id
from tests.speech import NANO_WHISPER

TINY_CLIP = Path(__file__).parent / "models" / "tiny-clip"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def services(library: Path) -> Iterator[Services]:
    made = Services(Settings(library=library, text_model="none"))
    yield made
    made.close()


def chosen(settings: Settings) -> Chosen:
    return ChosenModels.of(settings, Places(settings.library), resource("vision_tags.toml")).chosen


@pytest.mark.parametrize("how", [{"semantic_search": False}, {"text_model": "none"}])
def test_search_by_words_alone_when_it_was_chosen(library: Path, how: dict[str, Any]) -> None:
    found = chosen(Settings(library, **how))
    assert found.choices[Role.TEXT].is_none
    assert found.spaces == {}


@pytest.mark.parametrize("preset", [Preset.COMPACT, Preset.FULL])
def test_a_preset_whose_models_are_not_here_waits_for_them(preset: Preset, library: Path) -> None:
    found = chosen(Settings(library, preset=preset))
    assert found.spaces == {}
    assert found.choices[Role.TEXT].waits_for.startswith("Search by meaning waits for its model")
    assert found.choices[Role.SPEECH].waits_for.startswith("Speech recognition waits for its model")


def test_a_folder_without_a_model_is_named(library: Path, tmp_path: Path) -> None:
    found = chosen(Settings(library, text_model=str(tmp_path)))
    assert found.spaces == {}
    assert tmp_path.name in found.choices[Role.TEXT].waits_for


def test_a_model_that_is_here_has_a_space(library: Path) -> None:
    found = chosen(Settings(library, text_model="none", vision_model=str(TINY_CLIP)))
    assert found.spaces.keys() == {VISION}
    assert found.spaces[VISION].model == "tiny-clip"


def test_without_a_text_model_no_stage_asks_for_one(services: Services) -> None:
    assert MEANING not in {spec.name for spec in services.specs}
    assert services.query_encoders(in_child=True) is None


def test_who_is_known_by_name_makes_no_speech_due_again(library: Path) -> None:
    settings = Settings(library=library, speech_model=str(NANO_WHISPER), text_model="none")

    def hearing() -> StageSpec:
        services = Services(settings)
        services.close()
        return next(spec for spec in services.specs if spec.name == HEARING)

    before = hearing()
    assert not before.waits_for
    PeopleJournal(Places(library)).add((Made(PersonId(video_id(1)), "Anna"),))
    assert hearing() == before
    assert KnownNames(Places(library)).shown() == ("Anna",)


def test_missing_models_let_their_stages_wait(library: Path) -> None:
    services = Services(Settings(library=library, preset=Preset.COMPACT))
    waiting = {spec.name for spec in services.specs if spec.waits_for}
    services.close()
    assert waiting == {SEEING, TAGGING, HEARING, MEANING}


@pytest.mark.parametrize("agreed", [True, False])
def test_faces_are_looked_for_only_with_consent(library: Path, agreed: bool) -> None:
    services = Services(Settings(library=library, text_model="none", faces=agreed))
    stages = {spec.name for spec in services.specs}
    services.close()
    assert (FACES in stages) is agreed


@pytest.mark.parametrize("how", [{"faces": False}, {"faces": True, "face_enrollment": False}])
def test_photos_of_people_are_not_looked_at_without_consent(library: Path, how: dict[str, Any]) -> None:
    services = Services(Settings(library=library, text_model="none", **how))
    with pytest.raises(InputError):
        services.photo_desk()
    services.close()


def test_kept_photos_may_be_looked_at_again_where_nobody_may_be_added(library: Path) -> None:
    services = Services(Settings(library=library, text_model="none", faces=True, face_enrollment=False))
    services.photo_desk(to_enrol=False).close()
    services.close()
    off = Services(Settings(library=library, text_model="none", faces=False))
    with pytest.raises(InputError, match="until you agree"):
        off.photo_desk(to_enrol=False)
    off.close()


def test_a_photo_is_looked_at_in_a_child_with_the_chosen_models(
    library: Path, real_models: Path, tmp_path: Path
) -> None:
    """A face model that is not here is told, by the child that was to load it."""
    detector = str(real_models / "face")
    settings = Settings(
        library=library, text_model="none", faces=True, face_detector=detector, face_model="none"
    )
    services = Services(settings)
    desk = services.photo_desk()
    Image.new("RGB", (64, 64), "red").save(tmp_path / "red.png")
    with pytest.raises(ModelMissing, match="without a face model"):
        desk.look(tmp_path / "red.png", threading.Event())
    desk.close()
    services.close()


def test_the_former_model_is_remembered_while_another_is_chosen(library: Path) -> None:
    first = Services.at_work(Settings(library=library, text_model="none", vision_model=str(TINY_CLIP)))
    space = first.models.chosen.spaces[VISION]
    first.close()
    second = Services.at_work(Settings(library=library, text_model="none", vision_model="siglip2-base-256"))
    offered = second.models.offered
    second.close()
    assert offered == {VISION: [space]}


def test_the_way_back_chooses_the_former_model_again(library: Path) -> None:
    first = Services.at_work(Settings(library=library, text_model="none", vision_model=str(TINY_CLIP)))
    assert first.models.way_back(VISION) == {}
    first.close()
    second = Services.at_work(Settings(library=library, text_model="none", vision_model="siglip2-base-256"))
    back: dict[str, Any] = dict(second.models.way_back(VISION))
    second.close()
    assert back == {"vision_model": str(TINY_CLIP)}
    third = ChosenModels.of(
        Settings(library=library, text_model="none", **back),
        Places(library),
        resource("vision_tags.toml"),
    )
    assert third.former == {}
    assert third.chosen.choices[Role.VISION] == first.models.chosen.choices[Role.VISION]


def test_the_way_back_to_a_model_of_the_list_is_its_name(library: Path) -> None:
    first = Services.at_work(Settings(library=library, text_model="minilm"))
    assert first.models.chosen.choices[Role.TEXT].is_ready
    first.close()
    second = Services.at_work(Settings(library=library, text_model="multilingual-e5-small"))
    back = dict(second.models.way_back(TEXT))
    second.close()
    assert back == {"text_model": "minilm"}


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
    assert services.pictures_of(Hit(1, 1.0, scene, {})).still == library / "stills" / "a" / "1.jpg"
    without = FoundScene(id=SceneId("1"), video_id=video_id(1), locations=(), span=TimeSpan(0, 1))
    assert services.pictures_of(Hit(1, 1.0, without, {})) == HitPictures()


def test_the_face_of_who_is_asked_for_lies_in_the_library(services: Services, library: Path) -> None:
    scene = FoundScene(id=SceneId("1"), video_id=video_id(1), locations=(), span=TimeSpan(0, 1))
    because = Reason(Channel.WHO, "face", ("Ann",), 0.9, Sight(1_000, 2_000, Box(0.1, 0.25, 0.5, 0.75)))
    face = services.pictures_of(Hit(1, 1.0, scene, {}, (because,))).face
    assert face == library / "crops" / video_id(1) / "2000-10000-25000-50000-75000.jpg"


def test_an_empty_library_has_nothing_to_tell(services: Services) -> None:
    assert services.census() == ()
    assert services.take_notices() == ()


@pytest.mark.parametrize("name", ["appearance_tags.toml", "vision_tags.toml", "models.toml"])
def test_what_comes_with_the_program_is_found(name: str) -> None:
    assert resource(name).is_file()
