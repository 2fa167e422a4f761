"""What is said about models."""

from dataclasses import replace
from pathlib import Path

import pytest

from heimdex_desktop.domain.models import ModelState, Role
from heimdex_desktop.inference.model_files import Fault, Standing
from heimdex_desktop.inference.model_list import known_models
from heimdex_desktop.model_desk import ModelDesk, ModelFacts
from heimdex_desktop.settings import DeviceWish, Preset, Settings
from heimdex_desktop.ui.model_news import ModelWork, WorkKind, WorkNews, WorkState
from heimdex_desktop.ui.model_wording import (
    DEVICE_NAMES,
    PRESET_NAMES,
    PRESET_SENTENCES,
    ROLE_SENTENCES,
    ROLE_TITLES,
    get_question,
    model_about,
    model_state,
    work_line,
)

GET = ModelWork(WorkKind.GET, "hears")


def facts(name: str, state: ModelState = ModelState.MISSING, *, here_bytes: int = 0) -> ModelFacts:
    faults = (Fault("a.bin", "is missing"),) if state is ModelState.BROKEN else ()
    standing = Standing(state, faults=faults, here_bytes=here_bytes)
    return ModelFacts(known_models().models[name], standing, is_chosen=False, presets=(), proofs={})


def test_everything_that_can_be_chosen_has_a_name() -> None:
    assert set(ROLE_TITLES) == set(ROLE_SENTENCES) == set(Role)
    assert set(PRESET_NAMES) == set(PRESET_SENTENCES) == set(Preset)
    assert set(DEVICE_NAMES) == set(DeviceWish)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (facts("whisper-small", ModelState.READY), "ready"),
        (facts("rapidocr", ModelState.READY), "comes with Heimdex"),
        (facts("whisper-small"), "not here"),
        (facts("minilm"), "not installed"),
        (facts("whisper-small", ModelState.DOWNLOADING, here_bytes=195_000_000), "40 % here"),
        (facts("whisper-small", ModelState.DOWNLOADING, here_bytes=486_212_371), "99 % here"),
        (facts("whisper-small", ModelState.BROKEN), "damaged"),
        (facts("sface", ModelState.NOT_LICENSED), "licence forbids some uses"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_how_a_model_stands(found: ModelFacts, words: str) -> None:
    assert model_state(found)[0] == words


def test_what_to_weigh() -> None:
    assert model_about(facts("whisper-small")) == (
        "486 MB · licence MIT · about 100 languages · about 1.5 GB of memory · of medium speed"
        " · huggingface.co/Systran/faster-whisper-small"
    )
    assert "about 1.5 GB · licence Apache-2.0" in model_about(facts("siglip2-base-256"))
    assert "in the package rapidocr" in model_about(facts("rapidocr"))
    assert "children and Asian faces badly" in model_about(facts("facenet-vggface2"))


def test_a_size_that_is_not_known_to_the_byte_is_called_about_that(tmp_path: Path) -> None:
    found = replace(ModelDesk(Settings(library=tmp_path)).facts(), free_bytes=120_000_000_000)
    question = get_question([facts("whisper-small"), facts("siglip2-base-256")], found)
    assert "Still to come: about 2.0 GB." in question
    assert "120 GB are free" in question
    exact = get_question([facts("whisper-small")], found)
    assert "about" not in exact.split("\n")[0]
    assert "Still to come" not in exact


@pytest.mark.parametrize(
    ("news", "line"),
    [
        (WorkNews(GET, WorkState.QUEUED), "Getting it: in the queue"),
        (WorkNews(GET, WorkState.RUNNING), "Getting it…"),
        (
            WorkNews(GET, WorkState.RUNNING, 120_000_000, 484_000_000, 124.0),
            "120 MB of 484 MB · about 2 min left",
        ),
        (WorkNews(GET, WorkState.RUNNING, 120_000_000, 484_000_000), "120 MB of 484 MB"),
        (
            WorkNews(GET, WorkState.RUNNING, 120, 484, 9, is_checking=True),
            "120 bytes of 484 bytes · checking",
        ),
        (WorkNews(GET, WorkState.STALLED, 120, 484), "120 bytes of 484 bytes · nothing comes at the moment"),
        (WorkNews(GET, WorkState.STOPPING, 120, 484), "Stopping…"),
        (WorkNews(GET, WorkState.CANCELLED), "Stopped. What has come stays and is gone on with."),
        (WorkNews(ModelWork(WorkKind.CHECK, "x"), WorkState.CANCELLED), "Stopped."),
        (WorkNews(GET, WorkState.FAILED, sentence="It\nbroke."), "It broke."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_how_far_a_work_is(news: WorkNews, line: str) -> None:
    assert work_line(news) == line
