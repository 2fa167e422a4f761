"""Other ways to search many scenes, to put beside the program's: each is built, timed and compared.

For words: a scan of the table, LanceDB's full-text index of n-grams when fresh and with many small pieces not
in it yet, and SQLite's full-text index of trigrams. For vectors: LanceDB's flat search and its approximate
indexes, and a plain matrix product.
"""

import sqlite3
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from lancedb.index import FTS, HnswSq, IvfPq, IvfRq
from numpy.typing import NDArray

from heimdex_desktop.index.schema import VectorColumn
from tests.benchmarks.scale_library import Floats, Library

_TOP = 20
_READ = 120
_PIECES = 20
_PIECE_ROWS = 250
_SQL_BATCH = 20_000
Rows = NDArray[np.uint64]


@dataclass(frozen=True)
class Timed:
    """How long each of many calls took, in ms, and what they gave."""

    took_ms: Sequence[float]
    gave: Sequence[Any]

    def __str__(self) -> str:
        return "".join(f"{value:9.1f}" for value in np.percentile(self.took_ms, (50, 95, 99)))


def timed(call: Callable[[Any], Any], questions: Iterable[Any]) -> Timed:
    took: list[float] = []
    gave: list[Any] = []
    for question in questions:
        began = perf_counter()
        gave.append(call(question))
        took.append((perf_counter() - began) * 1000)
    return Timed(took, gave)


def recall(found: Sequence[Rows], truth: Sequence[Rows]) -> float:
    """Return the mean share of the twenty true rows that were found."""
    pairs = zip(found, truth, strict=True)
    return statistics.mean(float(np.isin(true[:_TOP], rows).mean()) for rows, true in pairs)


def exact_rows(library: Library, column: VectorColumn, queries: Floats) -> tuple[Timed, Sequence[Rows]]:
    """Time a plain product in memory, and return the nearest rows of each query, best first."""
    table = library.table()
    rows = table.search().select(["_rowid"]).limit(table.count_rows()).to_arrow()["_rowid"].to_numpy()
    read = table.search().select([column.name]).limit(table.count_rows()).to_arrow()[column.name]
    parts = [chunk.flatten().to_numpy() for chunk in read.chunks]
    matrix = np.concatenate(parts).reshape(-1, column.space.dimensions)

    def product(query: Floats) -> Rows:
        nearness = matrix @ query
        best = np.argpartition(-nearness, _READ)[:_READ]
        return rows[best[np.argsort(-nearness[best])]]

    measured = timed(product, queries)
    return measured, measured.gave


def print_flat(library: Library, column: VectorColumn, queries: Floats) -> None:
    """Time LanceDB without an index."""
    table = library.table()

    def ask(query: Floats) -> Any:
        search = table.search(query, vector_column_name=column.name).distance_type("dot")
        return search.select(["_distance"]).limit(_READ).to_arrow()

    print(f"  {column.space.dimensions:4} dimensions, LanceDB flat   {timed(ask, queries)}", flush=True)


def print_vector_ways(library: Library, column: VectorColumn, queries: Floats, truth: Sequence[Rows]) -> None:
    table = library.table()

    def ask(query: Floats, *, refine: int = 0, probes: int = 0) -> Rows:
        search = (
            table.search(query, vector_column_name=column.name).distance_type("dot").select(["_distance"])
        )
        search = search.nprobes(probes) if probes else search
        search = search.refine_factor(refine) if refine else search
        return search.with_row_id(True).limit(_READ).to_arrow()["_rowid"].to_numpy()

    for name, config in _vector_indexes(column.space.dimensions):
        began = perf_counter()
        table.create_index(column.name, config=config)
        built_s = perf_counter() - began
        print(f"  {name}, built in {built_s:.0f} s")
        for probes in (20, 128):
            found = timed(lambda query, probes=probes: ask(query, refine=4, probes=probes), queries)
            share = recall(found.gave, truth)
            print(f"    {probes:3} groups looked through    {found}   recall {share:.4f}", flush=True)
        table.drop_index(f"{column.name}_idx")


def _vector_indexes(dimensions: int) -> Iterator[tuple[str, Any]]:
    yield "IVF_RQ", IvfRq(distance_type="dot", num_bits=1)
    yield "IVF_PQ", IvfPq(distance_type="dot", num_sub_vectors=dimensions // 8)
    yield "IVF_HNSW_SQ", HnswSq(distance_type="dot")


def print_word_ways(library: Library, folder: Path, typed: Sequence[str]) -> None:
    """Time queries of several words; the two indexes give the best twenty, the scan marks every row."""
    table = library.table()
    count = table.count_rows()

    def scan(text: str) -> Any:
        columns = {f"w{n}": f"contains(words, '{word}')" for n, word in enumerate(text.split())}
        return table.search().select(columns).with_row_id(True).limit(count).to_arrow()

    print(f"  scan of the table               {timed(scan, typed[:20])}", flush=True)
    _print_sqlite(table, folder / "words.sqlite3", typed)
    _print_full_text(table, typed)


def _print_full_text(table: Any, typed: Sequence[str]) -> None:
    began = perf_counter()
    table.create_index("words", config=FTS(base_tokenizer="ngram", ngram_min_length=2, stem=False))
    built_s = perf_counter() - began

    def match(text: str) -> Any:
        return table.search(text, query_type="fts").select(["_score"]).limit(_READ).to_arrow()

    print(
        f"  LanceDB's n-grams, fresh        {timed(match, typed[:20])}   built in {built_s:.0f} s", flush=True
    )
    first = table.search().limit(_PIECE_ROWS).to_arrow()
    for _ in range(_PIECES):
        table.add(first)
    print(f"  the same, {_PIECES} pieces later      {timed(match, typed[:20])}", flush=True)
    table.drop_index("words_idx")


def _print_sqlite(table: Any, file: Path, typed: Sequence[str]) -> None:
    words = table.search().select(["words"]).limit(table.count_rows()).to_arrow()["words"]
    with closing(sqlite3.connect(file)) as database:
        options = "content='', tokenize='trigram', detail='none'"
        database.execute(f"CREATE VIRTUAL TABLE said USING fts5(words, {options})")
        began = perf_counter()
        for first in range(0, len(words), _SQL_BATCH):
            part = enumerate(words.slice(first, _SQL_BATCH).to_pylist(), first)
            database.executemany("INSERT INTO said(rowid, words) VALUES (?, ?)", part)
        database.commit()
        built = f"{perf_counter() - began:.0f} s, {file.stat().st_size / 1e6:.0f} MB"

        def match(text: str) -> list[list[Any]]:
            asked = [_trigrams(word) for word in text.split()]
            found = (database.execute("SELECT rowid FROM said WHERE said MATCH ?", (one,)) for one in asked)
            return [rows.fetchall() for rows in found]

        print(f"  SQLite's trigrams               {timed(match, typed)}   built in {built}", flush=True)


def _trigrams(word: str) -> str:
    """Ask for all three neighbouring letters of a word: without positions, the index knows no phrases."""
    return " AND ".join(f'"{word[at : at + 3]}"' for at in range(max(1, len(word) - 2)))
