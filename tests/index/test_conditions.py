"""What the database lets through is what the conditions mean, whatever was typed into them."""

from dataclasses import replace
from datetime import date

import lancedb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lancedb.table import Table

from heimdex_desktop.domain.filters import (
    Before,
    Comparison,
    Content,
    During,
    Filter,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    Not,
    OfVideo,
    Period,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
)
from heimdex_desktop.domain.people import Absent, AllOf, AnyOf, Person, Who
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Query
from heimdex_desktop.index.clauses import condition_of
from heimdex_desktop.index.conditions import Conditions
from heimdex_desktop.index.known_people import KnownPeople
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.store import SceneStore
from tests.index.conditioned import HOME, PEOPLE, RECORDS, SCENES, TAGS, are_there, meets
from tests.index.samples import video_id

KNOWN = KnownPeople(PEOPLE)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder = tmp_path_factory.mktemp("conditions")
    store = SceneStore(folder)
    for record in RECORDS:
        store.publish(record, {}, {}, "made")
    return lancedb.connect(folder).open_table("scenes")


def _let_through(table: Table, query: Query, phrases: tuple[str, ...] = ()) -> set[str]:
    """Ask the database, and make sure that memory says the same."""
    only = Conditions(TAGS.named, HOME, KNOWN.ids_of).of(query, phrases)
    search = table.search().select(["scene_id"]).with_row_id(True).limit(1_000)
    rows = (search.where(condition_of(only)) if only else search).to_arrow()
    every = table.search().select(["_rowid"]).limit(1_000).to_arrow()["_rowid"].to_numpy()
    memory = Memory()
    memory.follow(table)
    assert set(every[memory.are_meeting(every, only)]) == set(rows["_rowid"].to_pylist())
    assert memory.count_meeting(only) == len(rows)
    return set(rows["scene_id"].to_pylist())


_DAYS = st.dates(date(1, 1, 1), date(9999, 12, 30)) | st.dates(date(2023, 12, 1), date(2024, 4, 1))
_FOLDERS = st.text(max_size=12) | st.sampled_from(
    [
        "films",
        "/home/minji/FILMS",
        "~",
        "~/Films",
        "~/films/it's",
        "c:\\users",
        "영화",
        "2024",
        "/mnt",
        "minji/vid",
        "'",
        "%",
    ]
)
_CONDITIONS = st.one_of(
    st.builds(InFolder, _FOLDERS),
    st.builds(HasTag, st.sampled_from(["night", "NIGHT", "밤", "red", "Our Boat", "x' OR true --", ""])),
    st.builds(Since, _DAYS),
    st.builds(Before, _DAYS),
    st.builds(During, st.builds(Period, st.integers(1999, 2025), st.integers(1, 12))),
    st.builds(LongerThan, st.integers(0, 20_000)),
    st.builds(ShorterThan, st.integers(0, 20_000)),
    st.builds(Resolution, st.sampled_from(list(Comparison)), st.sampled_from([720, 1080, 2160])),
    st.builds(SpokenIn, st.sampled_from(["en", "ko", "pt", "pt-br", "p", "' OR true --"])),
    st.builds(PersonCount, st.sampled_from(list(Comparison)), st.integers(0, 3)),
    st.builds(Has, st.sampled_from(list(Content))),
    st.builds(OfVideo, st.sampled_from([video_id("video 0"), video_id("no video")])),
)


@given(st.lists(_CONDITIONS | st.builds(Not, _CONDITIONS), min_size=1, max_size=3))
def test_the_database_means_what_the_conditions_mean(table: Table, conditions: list[Filter]) -> None:
    expected = {scene.id for video, scene in SCENES if all(meets(one, video, scene) for one in conditions)}
    assert _let_through(table, Query("", filters=tuple(conditions))) == expected


_PEOPLE = st.recursive(
    st.builds(Person, st.sampled_from([*PEOPLE, "MINJI", "jun park", "Nobody", "' OR true --"])),
    lambda who: (
        st.builds(Absent, who)
        | st.builds(AllOf, st.lists(who, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(who, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(_PEOPLE, st.lists(_CONDITIONS, max_size=1))
def test_the_database_means_who_is_asked_for(table: Table, who: Who, conditions: list[Filter]) -> None:
    expected = {
        scene.id
        for video, scene in SCENES
        if are_there(who, scene) and all(meets(one, video, scene) for one in conditions)
    }
    assert _let_through(table, Query("", people=who, filters=tuple(conditions))) == expected


@given(st.text(), st.text())
def test_whatever_is_typed_narrows_and_never_breaks_out(table: Table, one: str, two: str) -> None:
    everything = {scene.id for _, scene in SCENES}
    found = _let_through(table, replace(parse(f"{one} -{two} in:{one}"), words=()), (f" {one} ",))
    assert found <= everything
    assert _let_through(table, Query("", filters=(InFolder("\0" + one), Not(InFolder("\0" + one))))) == set()


@pytest.mark.parametrize(
    ("typed", "left_out"),
    [
        ("-sea", "sea"),
        ("-car", "nothing has this word"),
        ("-cars", "cars"),
        ("-학습", "학습"),
        ('-"sea was"', "sea was"),
        ("-밤", "night"),
        ("-O'Brien", "O'Brien"),
        ("@Nobody", ""),
        ("-@Nobody", "nothing has this word"),
    ],
)
def test_what_is_not_wanted_is_left_out(table: Table, typed: str, left_out: str) -> None:
    texts = {scene.id: f"{scene.transcript.text} {scene.tags} {scene.screen_texts}" for _, scene in SCENES}
    expected = {scene_id for scene_id, text in texts.items() if left_out not in text}
    assert _let_through(table, parse(typed)) == expected


def test_no_condition_lets_everything_through(table: Table) -> None:
    assert _let_through(table, parse("sea")) == {scene.id for _, scene in SCENES}
