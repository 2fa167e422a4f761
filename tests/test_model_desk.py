"""The desk about models: facts about every role and model, presets with what they need, and the actions."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.models import ModelState, Role
from heimdex_desktop.inference.model_list import known_models
from heimdex_desktop.inference.model_manifest import Proof
from heimdex_desktop.model_desk import DeskFacts, ModelDesk, PresetFacts, RoleFacts
from heimdex_desktop.settings import Preset, Settings
from tests.inference.hub_server import Hub
from tests.small_models import SMALL, SPEECH, small_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with small_hub(monkeypatch) as hub:
        yield hub


Make = Callable[..., ModelDesk]


@pytest.fixture
def desk(tmp_path: Path) -> Make:
    """Make a desk over an empty library with these settings."""

    def make(**settings: Any) -> ModelDesk:
        return ModelDesk(Settings(library=tmp_path, **settings), SMALL)

    return make


def role_of(facts: DeskFacts, role: Role) -> RoleFacts:
    return next(each for each in facts.roles if each.role is role)


def preset_of(facts: DeskFacts, preset: Preset) -> PresetFacts:
    return next(each for each in facts.presets if each.preset is preset)


def missing(facts: DeskFacts, preset: Preset) -> list[str]:
    return [each.entry.name for each in preset_of(facts, preset).missing]


def test_every_role_and_every_model_of_the_real_list_is_there(tmp_path: Path) -> None:
    facts = ModelDesk(Settings(library=tmp_path / "nowhere yet")).facts()
    assert [each.role for each in facts.roles] == list(Role)
    assert sum(len(each.models) for each in facts.roles) == len(known_models().models)
    assert facts.folder == tmp_path / "nowhere yet" / "models"
    assert facts.free_bytes
    assert facts.free_bytes > 0
    assert facts.waiting == facts.missing == ()
    assert role_of(facts, Role.TEXT_READER).by_preset == "rapidocr"


def test_a_role_says_what_is_chosen_by_whom_and_what_it_waits_for(desk: Make) -> None:
    by_preset = role_of(desk(preset=Preset.COMPACT).facts(), Role.SPEECH)
    assert (by_preset.wanted, by_preset.by_preset, by_preset.setting) == ("", "hears", "speech_model")
    assert "hears" in by_preset.choice.waits_for
    assert [(each.entry.name, each.is_chosen) for each in by_preset.models] == [
        ("hears", True),
        ("hears-well", False),
    ]
    by_name = role_of(desk(preset=Preset.COMPACT, speech_model="hears-well").facts(), Role.SPEECH)
    assert (by_name.wanted, by_name.by_preset) == ("hears-well", "hears")
    assert [each.entry.name for each in by_name.models if each.is_chosen] == ["hears-well"]


def test_search_by_words_alone_wants_no_text_model(tmp_path: Path) -> None:
    facts = ModelDesk(Settings(library=tmp_path, semantic_search=False)).facts()
    text = role_of(facts, Role.TEXT)
    assert text.wanted == "none"
    assert text.choice.is_none
    assert not any(each.is_chosen for each in text.models)


def test_a_preset_says_what_is_still_to_come_for_what_a_person_agreed_to(desk: Make) -> None:
    facts = desk(preset=Preset.COMPACT).facts()
    assert missing(facts, Preset.COMPACT) == ["hears"]
    assert preset_of(facts, Preset.COMPACT).left_bytes == sum(map(len, SPEECH.values()))
    assert missing(facts, Preset.BUILTIN) == []
    assert [each.entry.name for each in facts.missing] == ["hears"]
    agreed = desk(preset=Preset.COMPACT, faces=True).facts()
    assert missing(agreed, Preset.COMPACT) == ["hears", "faces"]
    assert [each.role for each in agreed.waiting] == [Role.SPEECH, Role.FACE]
    by_name = desk(preset=Preset.COMPACT, speech_model="hears-well").facts()
    assert missing(by_name, Preset.COMPACT) == missing(by_name, Preset.BUILTIN) == ["hears-well"]


def test_what_nobody_may_use_without_asking_is_not_offered(desk: Make) -> None:
    refused = desk(preset=Preset.FULL, faces=True)
    assert missing(refused.facts(), Preset.FULL) == ["hears-well"]
    assert refused.facts_of("other-faces").standing.state is ModelState.NOT_LICENSED
    assert missing(desk(faces=True, faces_licensed=True).facts(), Preset.FULL) == [
        "hears-well",
        "other-faces",
    ]


def test_a_download_that_is_left_counts_what_is_here(hub: Hub, desk: Make) -> None:
    at = desk(preset=Preset.COMPACT)
    steps = at.download("hears")
    for step in steps:
        if step.done_bytes > 100_000:
            break
    steps.close()
    found = at.facts_of("hears")
    assert found.standing.state is ModelState.DOWNLOADING
    assert 0 < found.left_bytes < found.entry.size_bytes
    assert preset_of(at.facts(), Preset.COMPACT).left_bytes == found.left_bytes
    list(at.download("hears"))
    found = at.facts_of("hears")
    assert (found.standing.state, found.left_bytes) == (ModelState.READY, 0)
    assert found.proofs == {Proof.SHIPPED: 2}
    facts = at.facts()
    assert facts.waiting == facts.missing == ()
    assert role_of(facts, Role.SPEECH).choice.is_ready


def test_import_check_and_remove(desk: Make, tmp_path: Path) -> None:
    bundle = tmp_path / "brought"
    bundle.mkdir()
    for name, content in SPEECH.items():
        (bundle / name).write_bytes(content)
    at = desk()
    with pytest.raises(MachineError, match="may be any of"):
        list(at.bring_in(bundle))
    list(at.bring_in(bundle, "hears"))
    assert at.names_here == ("hears",)
    steps = list(at.verify("hears"))
    assert steps[-1].fraction == 1.0
    assert all(step.is_checking for step in steps)
    weights = at.folder / "hears" / "model.bin"
    weights.write_bytes(b"\xff" + weights.read_bytes()[1:])
    list(at.verify("hears"))
    assert at.facts_of("hears").standing.state is ModelState.BROKEN
    assert at.facts_of("hears").can_be_got
    assert at.remove("hears") >= len(SPEECH["model.bin"])
    assert at.names_here == ()


def test_it_says_who_forbids_the_network(desk: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert desk().facts().offline_by == ""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert desk().facts().offline_by == "HF_HUB_OFFLINE"
