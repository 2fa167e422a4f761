"""Ask a real small library what nobody means well: `python -m tests.benchmarks.hostile_queries`.

Each text goes through the parser, is written as a query, completed, and searched for by the real search.
Whatever comes back is compared, scene by scene, with what the conditions of the query mean in Python, where
no database takes part: a text that breaks out of its condition finds a scene that it must not. Where there
are conditions alone, all scenes that meet them have to come. Every so many texts are encoded by MiniLM too.

Prints counts and the slowest, and ends with 1 where anything was raised or let through.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from heimdex_desktop.domain.contracts import Purpose, TextEncoder
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.query_completion import Offer, Offers, complete
from heimdex_desktop.domain.query_text import render
from heimdex_desktop.domain.scene import TEXT, Scene, SceneId
from heimdex_desktop.domain.search import Answer, FoundScene, Hit, Query
from heimdex_desktop.domain.video import Video
from heimdex_desktop.index.exact_words import Term, word_query
from heimdex_desktop.index.folding import folded_words, searchable
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
from tests.benchmarks.hostile_strings import hostile
from tests.index.conditioned import PEOPLE, RECORDS, SCENES, TAGS, are_there, meets

TODAY = date(2026, 11, 25)
_OFFERS = Offers(tags=(Offer.of("night"), Offer.of("our boat")), folders=(Offer.of("/home/minji/Films"),))
_SLOWEST = 5
_SHOWN_CHARS = 100
_BY_ID: dict[SceneId, tuple[Video, Scene]] = {scene.id: (video, scene) for video, scene in SCENES}


@dataclass
class Tally:
    """What came of all texts; `wrong` holds what was raised or let through, with the text."""

    kinds: Counter[str] = field(default_factory=Counter[str])
    asked: int = 0
    with_conditions: int = 0
    exact: int = 0
    encoded: int = 0
    hits: int = 0
    wrong: list[str] = field(default_factory=list[str])
    slowest: list[tuple[float, str, str]] = field(default_factory=list[tuple[float, str, str]])

    def note_time(self, took_ms: float, kind: str, text: str) -> None:
        self.slowest = sorted([*self.slowest, (took_ms, kind, text)], reverse=True)[:_SLOWEST]


def make_library(folder: Path, encoder: TextEncoder | None = None) -> None:
    """Write the invented videos, with vectors where there is an encoder."""
    columns = [VectorColumn(TEXT, encoder.space)] if encoder else []
    store = SceneStore(folder, columns)
    for record in RECORDS:
        spoken = [scene for scene in record.scenes if scene.transcript.text]
        vectors = (
            encoder.encode([scene.transcript.text for scene in spoken], Purpose.PASSAGE) if encoder else ()
        )
        by_scene = (
            {scene.id: vector for scene, vector in zip(spoken, vectors, strict=True)} if encoder else {}
        )
        store.publish(record, dict.fromkeys(columns, by_scene), {}, "made")


def ask(searcher: Searcher, text: str, tally: Tally) -> None:
    """Ask one text, and note what is wrong with the answer."""
    tally.asked += 1
    try:
        query = parse(text, TODAY)
        parse(render(query), TODAY)
        complete(text[:2_000], len(text) // 2, _OFFERS)
        answer = searcher.search(text, limit=1_000)
    except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
        tally.wrong.append(f"{type(error).__name__}: {error!s:.200} raised by {shown(text)}")
        return
    tally.hits += len(answer.hits)
    tally.with_conditions += bool(query.filters or query.without or query.phrases or query.sequence)
    tally.exact += _is_conditions_alone(query)
    tally.wrong += [f"{fault}, for {shown(text)}" for fault in faults(query, answer)]


def faults(query: Query, answer: Answer) -> Iterator[str]:
    """Say which scenes of an answer do not meet the query's conditions, and which are missing."""
    parts = query.sequence.parts if query.sequence else (query,)
    for hit in answer.hits:
        for part, scenes in zip(parts, _places(hit), strict=True):
            for found in scenes:
                if not allows(part, *_BY_ID[found.id]):
                    yield f"scene {found.id} was let through"
    if _is_conditions_alone(query):
        expected = {one.id for video, one in SCENES if allows(query, video, one)}
        found = {scene.id for hit in answer.hits for scenes in _places(hit) for scene in scenes}
        if expected != found:
            yield f"{len(expected - found)} scenes are missing"


def allows(query: Query, video: Video, scene: Scene) -> bool:
    """Tell whether a scene meets the conditions of a query that is no sequence."""
    spelt = _texts(scene)
    return (
        are_there(query.people, scene)
        and all(meets(one, video, scene, Path.home()) for one in query.filters)
        and all(any(phrase in text for text in spelt) for phrase in word_query(query).phrases)
        and not any(_holds(unwanted, scene, spelt) for unwanted in query.without)
    )


def shown(text: str) -> str:
    """Write a text so that it can be printed, not at length."""
    whole = ascii(text[:_SHOWN_CHARS])
    return f"{whole} and {len(text) - _SHOWN_CHARS:,} more" if len(text) > _SHOWN_CHARS else whole


def _is_conditions_alone(query: Query) -> bool:
    return query.is_empty and query.sequence is None and not query.is_blank


def _places(hit: Hit) -> Sequence[tuple[FoundScene, ...]]:
    return [(hit.scene, *hit.near, *hit.copies), *((scene,) for scene in hit.then)]


def _texts(scene: Scene) -> tuple[str, str]:
    return searchable(scene.transcript.text), searchable("\n".join(line.text for line in scene.screen_texts))


def _holds(unwanted: str, scene: Scene, spelt: Iterable[str]) -> bool:
    words = folded_words(unwanted)
    first = Term.of(words[0]) if len(words) == 1 else None
    wanted = first.core if first and first.is_glued else searchable(unwanted)
    return any(wanted and wanted in text for text in spelt) or any(
        tag in scene.tags for tag in TAGS.named(unwanted)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask the real search what nobody means well.")
    parser.add_argument("--strings", type=int, default=100_000, help="how many texts")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--encode-every", type=int, default=50, help="every so many are encoded too; 0: none")
    asked = parser.parse_args()
    model = offline_minilm.folder() if asked.encode_every else None
    with tempfile.TemporaryDirectory() as folder:
        tally = _ask_all(
            range(asked.first, asked.first + asked.strings), asked.encode_every, model, Path(folder)
        )
    _print(tally)
    sys.exit(1 if tally.wrong else 0)


def _ask_all(numbers: range, encode_every: int, model: Path | None, folder: Path) -> Tally:
    encoder = SentenceEncoder(model, name=offline_minilm.NAME) if model else None
    make_library(folder, encoder)
    by_words = Searcher(folder, no_encoder, TAGS, people=lambda: PEOPLE, today=lambda: TODAY)
    by_meaning = Searcher(
        folder,
        lambda role, spaces: encoder if role == TEXT else None,
        TAGS,
        people=lambda: PEOPLE,
        today=lambda: TODAY,
    )
    tally, told = Tally(), 0
    for place, number in enumerate(numbers):
        kind, text = hostile(number)
        is_encoded = encoder is not None and place % encode_every == 0
        tally.kinds[kind.removesuffix(", mutated")] += 1
        tally.encoded += is_encoded
        began = time.perf_counter()
        ask(by_meaning if is_encoded else by_words, text, tally)
        # What a word costs to encode is the encoder's, and measured elsewhere.
        if not is_encoded:
            tally.note_time((time.perf_counter() - began) * 1000, kind, text)
        for sentence in tally.wrong[told:]:
            print(f"  {number}: {sentence}", flush=True)
        told = len(tally.wrong)
        if place % 5_000 == 4_999:
            print(f"  {place + 1:,} asked, {len(tally.wrong)} wrong", flush=True)
    return tally


def _print(tally: Tally) -> None:
    for kind, count in sorted(tally.kinds.items()):
        print(f"{kind:32}{count:9,}")
    print(f"{'asked':32}{tally.asked:9,}")
    print(f"{'encoded by MiniLM too':32}{tally.encoded:9,}")
    print(f"{'with conditions':32}{tally.with_conditions:9,}")
    print(f"{'compared as a whole':32}{tally.exact:9,}")
    print(f"{'scenes found':32}{tally.hits:9,}")
    print("the slowest, parsed, completed and searched:")
    for took_ms, kind, text in tally.slowest:
        print(f"{took_ms:9.0f} ms  {kind}: {shown(text)}")
    print(f"{'wrong':32}{len(tally.wrong):9,}")


if __name__ == "__main__":
    main()
