"""A search on the command line names who is seen in the scenes it finds, as they are called now."""

import json
from pathlib import Path

import pytest

from heimdex_desktop.cli.commands import main
from heimdex_desktop.cli.why import sentence
from heimdex_desktop.domain.people_events import Made, PersonId, Renamed
from heimdex_desktop.domain.scene import SceneId, SeenPerson
from heimdex_desktop.domain.search import FoundScene, WhyNot
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.places import Places
from heimdex_desktop.services import Services
from heimdex_desktop.settings import Settings
from tests.index.samples import Said, publish, video_id

ANNA = PersonId(str(video_id("Anna")))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEIMDEX_TEXT_MODEL", "none")
    folder = tmp_path / "library"
    Services(Settings(library=folder, text_model="none")).close()
    publish(
        SceneStore(Places(folder).lancedb),
        "party",
        [Said("we dance", people={ANNA: 0.93}), Said("nobody dances"), Said("the end", people_count=0)],
    )
    PeopleJournal(Places(folder)).add((Made(ANNA, "Anna"), Renamed(ANNA, "Anna", ("할머니",))))
    return folder


def _search(library: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["search", "--library", str(library), *words]) == 0
    return capsys.readouterr().out


def test_hits_say_who_is_seen(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _search(library, capsys, "@anna")
    assert "0.93  who: Anna (0.93)" in told
    assert "nobody dances" not in told
    assert "nobody dances" in _search(library, capsys, "-@Anna")


def test_json_tells_who_is_seen(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(_search(library, capsys, "--json", "@할머니"))
    (hit,) = answer["hits"]
    assert hit["people"] == [{"person_id": ANNA, "name": "Anna", "confidence": 0.93, "frame_count": 3}]
    assert hit["because"] == [{"channel": "who", "how": "face", "words": ["Anna"]}]
    assert hit["channels"]["who"] == 0.93


def test_another_name_shows_at_once(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    PeopleJournal(Places(library)).add((Renamed(ANNA, "Anne"),))
    assert "who: Anne (0.93)" in _search(library, capsys, "@Anne")
    answer = json.loads(_search(library, capsys, "--json", "@Anna"))
    assert (answer["hits"], answer["verdict"]) == ([], "none")
    assert answer["notes"] == ["Nobody is called “Anna”. Did you mean “Anne”?"]


@pytest.mark.parametrize(
    ("people", "count", "told"),
    [
        ((), None, "(nobody looked for faces in it yet)."),
        ((), 2, "(seen there: nobody who is known; faces at once: 2)."),
        ((SeenPerson(ANNA, "Anna", 0.9, 3),), 1, "(seen there: Anna; faces at once: 1)."),
    ],
)
def test_why_not_says_who_is_there_instead(
    people: tuple[SeenPerson, ...], count: int | None, told: str
) -> None:
    scene = FoundScene(
        SceneId("1"), video_id("party"), (), TimeSpan(0, 1_000), people=people, people_count=count
    )
    found = WhyNot(scene, None, 3, 0.1, 0.9, {}, unmet=("@Ben", "people:3"))
    assert sentence(found).endswith(f"It does not meet: @Ben, people:3 {told}")
