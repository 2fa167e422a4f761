"""Planning is one pure question; these are its answers."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.work import Failure, StageRecord
from heimdex_desktop.pipeline.plan import MAX_ATTEMPTS, Standing, due, fingerprints, remaining, standings
from heimdex_desktop.pipeline.stage import Facts
from tests.pipeline.samples import SPECS, settle

NAMES = [spec.name for spec in SPECS]


def due_names(facts: Facts) -> list[str]:
    return [spec.name for spec in due(SPECS, facts)]


def test_a_new_video_starts_with_what_needs_nothing() -> None:
    assert due_names(Facts()) == ["look"]


def test_publishing_comes_first_whenever_there_is_something_new() -> None:
    facts = settle(Facts(), "look")
    assert due_names(facts) == ["publish", "stills", "words"]
    facts = settle(facts, "publish")
    assert due_names(facts) == ["stills", "words"]
    assert due_names(settle(facts, "words"))[0] == "publish"


def test_everything_done_leaves_nothing_due() -> None:
    facts = settle(Facts(), "look", "stills", "words", "mean", "publish")
    assert due_names(facts) == []
    assert set(standings(SPECS, facts).values()) == {Standing.SETTLED}


def test_a_new_subtitle_file_makes_words_and_what_rests_on_them_due() -> None:
    facts = settle(Facts(), *NAMES)
    facts = replace(facts, observed={"subtitles": "a new file"})
    assert due_names(facts) == ["words"]
    assert standings(SPECS, facts)["mean"] is Standing.BLOCKED


def test_a_moved_video_is_only_published_again() -> None:
    facts = replace(settle(Facts(), *NAMES), observed={"places": "elsewhere"})
    assert due_names(facts) == ["publish"]


def test_a_failed_stage_is_not_due_and_blocks_only_what_rests_on_it() -> None:
    facts = settle(Facts(), "look")
    failed = StageRecord(fingerprints(SPECS, facts)["words"], 0.1, Failure("X", "No."))
    facts = replace(facts, records={**facts.records, "words": failed})
    assert due_names(facts) == ["publish", "stills"]
    assert standings(SPECS, facts)["mean"] is Standing.BLOCKED


def test_a_stage_that_took_the_app_down_three_times_is_parked() -> None:
    assert standings(SPECS, Facts(attempts={"look": MAX_ATTEMPTS}))["look"] is Standing.PARKED
    assert due_names(Facts(attempts={"look": MAX_ATTEMPTS - 1})) == ["look"]


def test_a_missing_model_waits_without_stopping_the_rest() -> None:
    specs = tuple(replace(s, waits_for="a model") if s.name == "mean" else s for s in SPECS)
    facts = settle(Facts(), "look", "stills", "words", "publish", specs=specs)
    found = standings(specs, facts)
    assert found["mean"] is Standing.WAITING
    assert due(specs, facts) == ()
    assert remaining(specs, found) == ()


def test_remaining_counts_what_will_become_due() -> None:
    assert remaining(SPECS, standings(SPECS, Facts())) == tuple(NAMES)


@given(st.lists(st.sampled_from(NAMES), max_size=12), st.sampled_from(NAMES))
def test_changing_a_stage_makes_it_and_all_that_rests_on_it_due_again(done: list[str], changed: str) -> None:
    """Without the chain of fingerprints a stale result could pass for a current one."""
    facts = Facts()
    for name in done:
        if name in due_names(facts):
            facts = settle(facts, name)
    specs = tuple(replace(spec, version=2) if spec.name == changed else spec for spec in SPECS)
    found = standings(specs, facts)
    stale = {changed}
    for spec in specs:
        if stale & set(spec.needs):
            stale.add(spec.name)
    for name in stale:
        assert found[name] is not Standing.SETTLED


@given(st.data())
def test_any_order_of_running_what_is_due_ends_settled(data: st.DataObject) -> None:
    facts = Facts()
    for _ in range(40):
        names = due_names(facts)
        if not names:
            break
        facts = settle(facts, data.draw(st.sampled_from(names)))
    assert set(standings(SPECS, facts).values()) == {Standing.SETTLED}
