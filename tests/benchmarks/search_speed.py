"""Print how fast the search answers: `python -m tests.benchmarks.search_speed [--scenes NUMBER]`."""

import argparse
import statistics
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import lancedb
import numpy as np
from lancedb.index import FTS

from heimdex_desktop.domain.contracts import Purpose, TextEncoder
from heimdex_desktop.domain.scene import TEXT, Scene, Segment, Transcript, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
from tests.benchmarks.libraries import Remembering

_SCENE_MS = 10_000
_NO_TAGS = TagWords({})


def record_of(texts: Iterable[str], name: str) -> VideoRecord:
    video_id = VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, name)))
    scenes: list[Scene] = []
    for number, text in enumerate(texts):
        span = TimeSpan(number * _SCENE_MS, (number + 1) * _SCENE_MS)
        transcript = Transcript((Segment(span, text),))
        scenes.append(Scene(scene_id(video_id, span), span, transcript=transcript))
    video = Video(video_id, (Path(f"/videos/{name}.mp4"),), 1)
    return VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes))


def print_speed(folder: Path, encoder: TextEncoder, scene_count: int) -> None:
    """Time a library of invented words and vectors, published in videos of 250 scenes."""
    rng = np.random.default_rng(7)
    words = ["".join(rng.choice(list("abcdefghijklmnoprstuvy"), rng.integers(3, 10))) for _ in range(8_000)]
    # As in real speech, the n-th most frequent word is n times rarer than the first.
    frequencies = 1 / np.arange(1, len(words) + 1)
    frequencies /= frequencies.sum()
    column = VectorColumn(TEXT, encoder.space)
    store = SceneStore(folder, [column])
    for number in range(scene_count // 250):
        record = record_of(
            (" ".join(rng.choice(words, 30, p=frequencies)) for _ in range(250)), f"made {number}"
        )
        matrix = rng.normal(size=(250, encoder.space.dimensions)).astype(np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        vectors = {scene.id: vector for scene, vector in zip(record.scenes, matrix, strict=True)}
        store.publish(record, {column: vectors}, {}, "made")
    print(f"{store.scene_count()} scenes, medians in ms")
    _print_searches(folder, encoder, words)
    _print_ways(folder, encoder, words)


def _print_searches(folder: Path, encoder: TextEncoder, words: Sequence[str]) -> None:
    remembering = Remembering(encoder)
    searcher = Searcher(folder, lambda role, spaces: remembering, _NO_TAGS)
    for count in (1, 3, 8):
        text = " ".join(words[100 : 100 + count])
        searcher.search(text)
        searching_ms = _median_ms(lambda text=text: searcher.search(text))
        print(f"  search without encoding, {count} words: {searching_ms:.1f}")
    encoding_ms = _median_ms(lambda: encoder.encode([" ".join(words[:3])], Purpose.QUERY))
    print(f"  encoding a query: {encoding_ms:.1f}")


def _print_ways(folder: Path, encoder: TextEncoder, words: Sequence[str]) -> None:
    """Put LanceDB's flat search beside numpy, and its full-text index beside the scan."""
    table: Any = lancedb.connect(folder).open_table("scenes")
    query = encoder.encode(["something"], Purpose.QUERY)[0]
    name = VectorColumn(TEXT, encoder.space).name
    flat = table.search(query, vector_column_name=name).select(["_distance"]).limit(150)
    matrix = np.stack(table.search().select([name]).limit(10**9).to_arrow()[name].to_numpy())
    numpy_ms = _median_ms(lambda: np.argpartition(-(matrix @ query), 150))
    print(f"  meaning: LanceDB flat {_median_ms(flat.to_arrow):.1f}, numpy in memory {numpy_ms:.1f}")
    scan = table.search().select({f"w{n}": f"contains(words, ' {word}')" for n, word in enumerate(words[:8])})
    scan_ms = _median_ms(scan.limit(10**9).to_arrow)
    table.create_index("words", config=FTS(base_tokenizer="ngram", ngram_min_length=2, stem=False))
    match = table.search(" ".join(words[:8]), query_type="fts").select(["_score"]).limit(150)
    print(f"  8 words: scan {scan_ms:.1f}, fresh full-text index of n-grams {_median_ms(match.to_arrow):.1f}")


def _median_ms(call: Callable[[], object], times: int = 9) -> float:
    took: list[float] = []
    for _ in range(times):
        began = perf_counter()
        call()
        took.append((perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description="How fast the search answers.")
    parser.add_argument("--scenes", type=int, default=20_000, help="how many scenes to make")
    chosen = parser.parse_args()
    model = offline_minilm.folder()
    if model is None:
        print("The packaged sentence encoder is missing. Install the extra `offline`.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        print_speed(Path(folder), SentenceEncoder(model, name=offline_minilm.NAME), chosen.scenes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
