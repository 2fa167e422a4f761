"""Encoders for queries behind a worker say the same as those in this process."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import TEXT, VISION
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from heimdex_desktop.pipeline.embedding import ask_opinion
from heimdex_desktop.pipeline.engines import EngineSettings
from heimdex_desktop.pipeline.jobs import OPINION, WorkSettings, query_jobs
from heimdex_desktop.pipeline.query_encoder import QueryEncoders, Who
from heimdex_desktop.pipeline.worker_process import ChildWorker, InlineWorker, Stopped, Worker
from tests.pipeline.workshop import SPACE, DigestEncoder

TINY = Path(__file__).parents[1] / "models" / "tiny-clip"


def settings(folder: Path) -> WorkSettings:
    choice = Choice(Role.VISION, folder.name, Engine.OPEN_CLIP, folder)
    return WorkSettings(folder, beside_videos=False, engines=EngineSettings({Role.VISION: choice}))


@pytest.fixture
def behind() -> Iterator[Callable[[Worker, OpenClipModel], QueryEncoders]]:
    made: list[QueryEncoders] = []

    def build(worker: Worker, model: OpenClipModel) -> QueryEncoders:
        made.append(QueryEncoders(worker, {VISION: [model.space]}))
        return made[0]

    yield build
    for encoders in made:
        encoders.close()


def test_a_child_tells_vectors_and_opinion_of_its_model(
    behind: Callable[[Worker, OpenClipModel], QueryEncoders],
) -> None:
    model = OpenClipModel(TINY)
    encoders = behind(ChildWorker("search", partial(query_jobs, settings(TINY)), patient=False), model)
    encoder = encoders(VISION, [model.space])
    assert encoder is not None
    own = OpenClipTexts(model)
    assert own.logistic is not None
    assert encoder.logistic == own.logistic
    told = encoder.encode(["a red star"], Purpose.QUERY)
    np.testing.assert_allclose(told, own.encode(["a red star"], Purpose.QUERY), atol=1e-5)


def test_a_model_that_was_taught_no_opinion_has_none(
    behind: Callable[[Worker, OpenClipModel], QueryEncoders], real_models: Path
) -> None:
    model = OpenClipModel(real_models / "vision-bridge")
    worker = InlineWorker(partial(query_jobs, settings(real_models / "vision-bridge")))
    encoder = behind(worker, model)(VISION, [model.space])
    assert encoder is not None
    assert encoder.logistic is None


def test_the_opinion_is_asked_for_once_and_not_before_it_is_wanted() -> None:
    asked: list[Who] = []

    def job(who: Who) -> Any:
        asked.append(who)
        return ask_opinion(lambda _role, space: DigestEncoder(space))(who)

    encoders = QueryEncoders(InlineWorker(lambda: {OPINION: job}), {TEXT: [SPACE]})
    encoder = encoders(TEXT, [])
    assert encoder is not None
    assert asked == []
    assert (encoder.logistic, encoder.logistic) == (None, None)
    assert asked == [Who(TEXT, SPACE)]
    encoders.close()


def test_after_the_end_nobody_is_asked() -> None:
    encoders = QueryEncoders(InlineWorker(dict), {TEXT: [SPACE]})
    encoders.close()
    encoder = encoders(TEXT, [])
    assert encoder is not None
    with pytest.raises(Stopped):
        _ = encoder.logistic


def test_a_child_looks_at_pictures_as_the_indexing_does(
    behind: Callable[[Worker, OpenClipModel], QueryEncoders],
) -> None:
    model = OpenClipModel(TINY)
    encoders = behind(ChildWorker("search", partial(query_jobs, settings(TINY)), patient=False), model)
    pictures = encoders.pictures([SPACE, model.space])
    assert pictures is not None
    assert pictures.space == model.space
    picture = np.random.default_rng(5).integers(0, 256, (60, 90, 3), np.uint8)
    np.testing.assert_allclose(
        pictures.encode([picture]), OpenClipPictures(model).encode([picture]), atol=1e-5
    )
    assert encoders.pictures([SPACE]) is None
