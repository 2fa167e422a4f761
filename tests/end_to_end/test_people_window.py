"""What the window does about real people behind its own back, and what it removes."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.people_facts import PeopleFacts
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.settings import load
from heimdex_desktop.ui.bridge import Bridge
from tests.end_to_end.conftest import heimdex
from tests.end_to_end.people_samples import (
    BLAIR,
    BUSH,
    choose_another,
    photo,
    settings_with_faces,
    write_film,
)

_LONG_MS = 240_000


@pytest.fixture
def bridges() -> Iterator[list[Bridge]]:
    made: list[Bridge] = []
    yield made
    for bridge in made:
        bridge.close()


def open_bridge(
    bridges: list[Bridge], library: Path, chosen: Mapping[str, str], patch: pytest.MonkeyPatch
) -> Bridge:
    for name, value in {"HEIMDEX_LIBRARY": str(library), **chosen}.items():
        patch.setenv(name, value)
    settings, warnings = load()
    assert warnings == ()
    bridges.append(Bridge(settings))
    return bridges[-1]


def test_another_face_model_looks_at_films_and_then_at_photos_by_itself(
    qtbot: QtBot,
    bridges: list[Bridge],
    real_models: Path,
    real_media: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = settings_with_faces(real_models, tmp_path)
    library = tmp_path / "library"
    film = write_film(
        tmp_path / "films" / "talk.mp4", photo(real_media, BUSH, 5), photo(real_media, BLAIR, 5)
    )
    assert heimdex("index", film, library=library, environment=chosen).code == 0
    added = heimdex(
        "people", "add", "George", photo(real_media, BUSH, 1), library=library, environment=chosen
    )
    assert added.code == 0, added.err

    bridge = open_bridge(bridges, library, choose_another(chosen, tmp_path / "other"), monkeypatch)
    facts = list[PeopleFacts]()
    parts: list[float | None] = []
    rows: dict[str, VideoRow] = {}

    def note(new: tuple[VideoRow, ...]) -> None:
        rows.update({row.key: row for row in new})

    bridge.people.people_changed.connect(facts.append)
    bridge.people.refreshing_changed.connect(parts.append)
    bridge.rows_changed.connect(note)
    bridge.open()
    qtbot.waitUntil(lambda: parts[-1:] == [None] and 0.0 in parts, timeout=_LONG_MS)
    bridge.people.look()
    qtbot.waitUntil(lambda: bool(facts) and facts[-1].people[0].scene_count == 1, timeout=_LONG_MS)
    assert (facts[-1].trouble, facts[-1].photos_waiting) == ("", 0)
    sidecar = film.with_name("talk.mp4.heimdex.json")
    qtbot.waitUntil(lambda: "George" in sidecar.read_text("utf-8"), timeout=_LONG_MS)

    qtbot.waitUntil(lambda: {row.state for row in rows.values()} == {RowState.DONE}, timeout=_LONG_MS)
    (key,) = rows
    with qtbot.waitSignal(bridge.rows_removed, timeout=_LONG_MS):
        bridge.remove(key, with_sidecar=True)
    qtbot.waitUntil(lambda: sorted(film.parent.iterdir()) == [film], timeout=_LONG_MS)
