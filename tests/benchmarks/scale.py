"""Print how the search gets on with many scenes: `python -m tests.benchmarks.scale --scenes 10000 100000`.

A library is made up, asked before it has any index (every scene and every vector is compared, by the table),
indexed and loaded as the program does, and asked again; so the answers can be compared, also where conditions
narrow them. Queries are a few words of a scene and vectors near its own, encoded before, and are asked warm.
A plain product reads every vector once: no search that compares all can take less. `--ways` puts other ways
to search beside it.
"""

import argparse
import gc
import multiprocessing
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace
from heimdex_desktop.domain.search import Answer
from heimdex_desktop.index.background_looks import NAMES
from heimdex_desktop.index.candidates import Reader
from heimdex_desktop.index.exact_words import word_query
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.nearest import Ray
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.inference.threads import prepare_environment, usable_cores
from tests.benchmarks.scale_library import Floats, Library, make
from tests.benchmarks.scale_ways import (
    Rows,
    Timed,
    exact_rows,
    print_flat,
    print_vector_ways,
    print_word_ways,
    recall,
    timed,
)
from tests.index.samples import SynonymEncoder, publish

_MOST_WORDS = 5
_LONGEST_WORD = 8
_TOP = 20
_PUBLISHED_LATE = 10
_WARMING = 10
# All, a half, a tenth, and a twelfth of the scenes.
_CONDITIONS = ("", "in:folder01", "in:folder03 longer:4s", "after:2025")
_TAGS = ("still",)
_TAG_WORDS = TagWords({"night": ("dark",), "blue": ("blue",)})


@dataclass(frozen=True)
class Asked:
    """Queries in words, and what they are encoded to, a row each."""

    typed: Sequence[str]
    vectors: tuple[Floats, Floats]


class Encoded:
    """Knows the vectors of queries from the start, and makes some up for all other texts."""

    logistic = None

    def __init__(self, space: EmbeddingSpace, typed: Sequence[str], vectors: Floats) -> None:
        self.space = space
        self._others = SynonymEncoder(space.dimensions)
        self._known = dict(zip(typed, vectors, strict=True))
        # Names of things in any script mean the same, so that pictures are asked for in each.
        self._english = {foreign: english for names in NAMES.values() for foreign, english in names}

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        return np.stack([self._vector(text, purpose) for text in texts])

    def _vector(self, text: str, purpose: Purpose) -> Floats:
        known = self._known.get(text)
        return self._others.encode([self._english.get(text, text)], purpose)[0] if known is None else known


def asked_of(library: Library, count: int) -> Asked:
    """Make queries out of scenes, some words and the vectors near theirs."""
    table = library.table()
    rng = np.random.default_rng(3)
    # In no order: scenes of one language lie side by side.
    places = rng.choice(table.count_rows(), 2 * count, replace=False).tolist()
    found = table.take_offsets(places).select(["words", *(one.name for one in library.columns)]).to_arrow()
    spoken = [row for row, words in enumerate(found["words"].to_pylist()) if words][:count]
    typed = [_typed(found["words"][row].as_py().split(), rng) for row in spoken]
    text, vision = (
        space.near(np.stack([found[column.name][row].values.to_numpy() for row in spoken]))
        for column, space in zip(library.columns, library.spaces, strict=True)
    )
    return Asked(typed, (text, vision))


def _typed(words: Sequence[str], rng: np.random.Generator) -> str:
    first, count = int(rng.integers(0, len(words))), int(rng.integers(1, _MOST_WORDS + 1))
    # Nobody types a whole sentence of Japanese.
    return " ".join(word[:_LONGEST_WORD] for word in words[first : first + count])


def measure(folder: Path, scene_count: int, dimensions: tuple[int, int], queries: int, *, ways: bool) -> None:
    began = perf_counter()
    library = make(folder / "index", scene_count, dimensions)
    print(f"\n{scene_count:,} scenes, made in {perf_counter() - began:.0f} s")
    print(f"{'ms':34}{'p50':>9}{'p95':>9}{'p99':>9}", flush=True)
    asked = asked_of(library, queries)
    whole = _print_exhaustive(library, asked, max(10, queries // 5))
    pairs = list(zip(library.columns, asked.vectors, strict=True))
    truths = [exact_rows(library, column, vectors) for column, vectors in pairs]
    for (column, vectors), (product, _) in zip(pairs, truths, strict=True):
        print(f"  {column.space.dimensions:4} dimensions, plain product  {product}")
        print_flat(library, column, vectors[:20])
    if ways:
        print_word_ways(library, folder, asked.typed)
        for (column, vectors), (_, truth) in zip(pairs, truths, strict=True):
            print(f" vectors of {column.space.dimensions} dimensions")
            print_vector_ways(library, column, vectors, truth)
    _index(library)
    # In a process of its own, whose memory is that of a search.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        apart.submit(_print_program, library, asked, truths, whole).result()


def _print_program(
    library: Library, asked: Asked, truths: Sequence[tuple[Timed, Sequence[Rows]]], whole: Mapping[str, Timed]
) -> None:
    searcher = _searcher(library, asked)
    memory_mb, began = memory_now_mb(), perf_counter()
    _load(searcher)
    took_s, more_mb = perf_counter() - began, memory_now_mb() - memory_mb
    print(f"  loaded in {took_s:.1f} s, the process takes {more_mb:.0f} MB more", flush=True)
    _print_searches(searcher, asked, whole)
    print(f"  memory of the whole process: {memory_now_mb():.0f} MB", flush=True)
    _print_parts(library, asked, truths)
    _print_memory(library)
    _print_late(library, searcher)


def _print_exhaustive(library: Library, asked: Asked, count: int) -> dict[str, Timed]:
    """Ask before there is any index, and before anything is loaded; by what is asked beside the words."""
    whole: dict[str, Timed] = {}
    searcher = _searcher(library, asked)
    for only in _CONDITIONS:
        searcher.search(_with(only, asked.typed[0]))
        whole[only] = timed(searcher.search, [_with(only, text) for text in asked.typed[:count]])
        print(f"  {f'all compared {only}':32}{whole[only]}", flush=True)
    return whole


def _index(library: Library) -> None:
    began = perf_counter()
    SceneStore(library.folder, library.columns).optimize()
    files = (file for file in library.folder.rglob("_indices/*/*") if file.is_file())
    size_mb = sum(file.stat().st_size for file in files) / 1e6
    print(f"  vectors indexed in {perf_counter() - began:.0f} s, {size_mb:.0f} MB", flush=True)


def _print_memory(library: Library) -> None:
    """Print what all scenes take in memory, and of what that consists."""
    memory = Memory()
    memory.follow(library.table())
    kept = ", ".join(str(one.space.dimensions) for one in library.columns if memory.keeps(one)) or "none"
    scenes_mb, vectors_mb = memory.size_bytes / 1e6, memory.vector_bytes / 1e6
    print(f"  kept: {scenes_mb:.0f} MB for scenes, {vectors_mb:.0f} MB for vectors of {kept}", flush=True)


def _print_parts(library: Library, asked: Asked, truths: Sequence[tuple[Timed, Sequence[Rows]]]) -> None:
    reader = Reader(library.folder)
    for _ in reader.load():
        pass
    snapshot = reader.snapshot()
    assert snapshot is not None
    words = [word_query(parse(text)) for text in asked.typed]
    print(f"  words and tags                  {timed(lambda one: snapshot.scan(one, _TAGS), words)}")
    for column, vectors, (_, truth) in zip(library.columns, asked.vectors, truths, strict=True):
        found = timed(lambda vector, column=column: snapshot.nearest(Ray(column, vector)), vectors)
        share = recall(found.gave, truth)
        print(f"  {column.space.dimensions:4} dimensions, program        {found}   recall {share:.4f}")
    judged = timed(lambda rows: snapshot.candidates(rows[:100], library.columns), truths[0][1])
    print(f"  a hundred scenes to judge       {judged}")
    shown = timed(lambda rows: snapshot.scenes(rows[:50]), truths[0][1])
    print(f"  fifty scenes to show            {shown}", flush=True)


def _print_searches(searcher: Searcher, asked: Asked, whole: Mapping[str, Timed]) -> None:
    for only in _CONDITIONS:
        texts = [_with(only, text) for text in asked.typed]
        for text in texts[-_WARMING:]:
            searcher.search(text)
        found = timed(searcher.search, texts)
        share = _overlap(found, whole[only])
        print(f"  {f'search {only}':32}{found}   answers the same {share:.4f}", flush=True)


def _print_late(library: Library, searcher: Searcher) -> None:
    store = SceneStore(library.folder, library.columns)
    late: list[float] = []
    for number in range(_PUBLISHED_LATE):
        publish(store, f"late {number}", [f"harbour lantern{number}", "quay"])
        answered = timed(searcher.search, [f"lantern{number}"])
        late += answered.took_ms
        assert answered.gave[0].hits[0].scene.transcript == f"harbour lantern{number}"
    print(
        f"  the first search after a change {statistics.median(late):9.1f}{max(late):9.1f} (longest)",
        flush=True,
    )


def _with(only: str, text: str) -> str:
    return f"{text} {only}".strip()


def _overlap(found: Timed, truth: Timed) -> float:
    """Return the mean share of the first twenty hits that are the same."""
    pairs = [(_first(one), _first(true)) for one, true in zip(found.gave, truth.gave, strict=False)]
    return statistics.mean(len(one & true) / len(true) for one, true in pairs if true)


def _first(answer: Answer) -> set[str]:
    return {hit.scene.id for hit in answer.hits[:_TOP]}


def _load(searcher: Searcher) -> None:
    """Have a library read into memory, and share the interpreter out, as the window does."""
    for _ in searcher.load():
        pass
    gc.freeze()
    sys.setswitchinterval(0.0005)


def _searcher(library: Library, asked: Asked) -> Searcher:
    texts = [parse(text).text for text in asked.typed]
    text, vision = (
        Encoded(column.space, texts, vectors)
        for column, vectors in zip(library.columns, asked.vectors, strict=True)
    )
    return Searcher(library.folder, lambda role, spaces: text if role == TEXT else vision, _TAG_WORDS)


def memory_now_mb() -> float:
    """Return the memory that this process holds, where the system tells it (Linux); else 0."""
    status = Path("/proc/self/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--dims", type=int, nargs=2, default=[384, 768], help="of what is said, and seen")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--ways", action="store_true", help="compare other ways too")
    parser.add_argument("--folder", type=Path, help="where to make the libraries")
    chosen = parser.parse_args()
    # Children load numpy anew, with the threads that it has in the program.
    prepare_environment(usable_cores())
    for scene_count in chosen.scenes:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            measuring = multiprocessing.get_context("spawn").Process(
                target=measure,
                args=(Path(folder), scene_count, tuple(chosen.dims), chosen.queries),
                kwargs={"ways": chosen.ways},
            )
            measuring.start()
            measuring.join()


if __name__ == "__main__":
    main()
