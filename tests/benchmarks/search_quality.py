"""Print how well and how fast the search answers: `python -m tests.benchmarks.search_quality`."""

import argparse
import json
import statistics
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import lancedb
import numpy as np
from lancedb.index import FTS

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.scene import TEXT, Scene, Segment, Transcript, scene_id
from heimdex_desktop.domain.search import Answer, Verdict
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
from tests.benchmarks.search_corpus import (
    HOPELESS,
    NOTHING_TO_FIND,
    ONE_WORD,
    PARAPHRASED,
    REAL_EXACT,
    REAL_PARAPHRASED,
    distractors,
)

_ROOT = Path(__file__).resolve().parents[2]
_SCENE_MS = 10_000
_NO_TAGS = TagWords({})


@dataclass(frozen=True)
class Expected:
    """A query, and a piece of the transcript that should come first (None: nothing should)."""

    text: str
    piece: str | None


def queries() -> Mapping[str, Sequence[Expected]]:
    invented = [Expected(query, said) for said, typed in PARAPHRASED.items() for query in typed]
    return {
        "invented paraphrases": invented,
        "real paraphrases": [Expected(query, piece) for query, piece in REAL_PARAPHRASED.items()],
        "real exact words": [Expected(query, piece) for query, piece in REAL_EXACT.items()],
        "one word that is meant": [Expected(query, piece) for query, piece in ONE_WORD.items()],
        "hopeless": [Expected(query, None) for query in HOPELESS],
        "one word, nothing to find": [Expected(query, None) for query in NOTHING_TO_FIND],
    }


def real_texts(media: Path) -> list[str]:
    """Return what is said in the real clips, each text once, Korean among it."""
    said = json.loads((media / "truth/speech.json").read_text("utf-8"))
    for composite in sorted((media / "truth/composites").glob("*.json")):
        said += json.loads(composite.read_text("utf-8")).get("transcript") or []
    return list(dict.fromkeys(entry["text"] for entry in said if entry["text"]))


def record_of(texts: Iterable[str], name: str) -> VideoRecord:
    video_id = VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, name)))
    scenes: list[Scene] = []
    for number, text in enumerate(texts):
        span = TimeSpan(number * _SCENE_MS, (number + 1) * _SCENE_MS)
        transcript = Transcript((Segment(span, text),))
        scenes.append(Scene(scene_id(video_id, span), span, transcript=transcript))
    video = Video(video_id, (Path(f"/videos/{name}.mp4"),), 1)
    return VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes))


def publish(folder: Path, texts: Sequence[str], encoder: TextEncoder) -> None:
    record = record_of(texts, "benchmark")
    vectors = encoder.encode(texts, Purpose.PASSAGE)
    column = VectorColumn(TEXT, encoder.space)
    by_scene = {scene.id: vector for scene, vector in zip(record.scenes, vectors, strict=True)}
    SceneStore(folder, [column]).publish(record, {column: by_scene}, {}, "benchmark")


def rank_of(answer: Answer, expected: Expected) -> int | None:
    places = (hit.rank for hit in answer.hits if expected.piece and expected.piece in hit.scene.transcript)
    return next(places, None)


_HEADINGS = ("@1", "@3", "MRR", "good", "weak", "none", "p10", "p50", "p90")


def print_quality(searcher: Searcher, *, every: bool) -> None:
    """Show ranks of the right scene, verdicts, and the spread of the best score."""
    print(f"{'queries':26}{'n':>4}" + "".join(f"{heading:>7}" for heading in _HEADINGS))
    for kind, wanted in queries().items():
        answers = [(expected, searcher.search(expected.text)) for expected in wanted]
        print(f"{kind:26}" + _summary(answers))
        for expected, answer in answers if every else ():
            best = answer.hits[0] if answer.hits else None
            shown = f"{best.score:.2f} {best.scene.transcript[:60]}" if best else "-"
            print(f"    {rank_of(answer, expected)!s:5}{answer.verdict:5} {expected.text[:44]:46}{shown}")


def _summary(answers: Sequence[tuple[Expected, Answer]]) -> str:
    ranks = [rank_of(answer, expected) for expected, answer in answers]
    share = _share_of(len(answers))
    first, third = share(rank == 1 for rank in ranks), share(rank is not None and rank <= 3 for rank in ranks)
    reciprocal = statistics.mean(1 / rank if rank else 0.0 for rank in ranks)
    verdicts = [share(answer.verdict is verdict for _, answer in answers) for verdict in Verdict]
    best = [answer.hits[0].score if answer.hits else 0.0 for _, answer in answers]
    shares = "".join(f"{value:7.0%}" for value in verdicts)
    scores = "".join(f"{score:7.2f}" for score in np.percentile(best, (10, 50, 90)))
    return f"{len(answers):4}{first:7.0%}{third:7.0%}{reciprocal:7.2f}{shares}{scores}"


def _share_of(count: int) -> Callable[[Iterable[bool]], float]:
    return lambda flags: sum(flags) / count


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
    print(f"\n{store.scene_count()} scenes, medians in ms")
    _print_searches(folder, encoder, words)
    _print_ways(folder, encoder, words)


def _print_searches(folder: Path, encoder: TextEncoder, words: Sequence[str]) -> None:
    remembering = _Remembering(encoder)
    searcher = Searcher(folder, lambda role, spaces: remembering, _NO_TAGS)
    for count in (1, 3, 8):
        text = " ".join(words[100 : 100 + count])
        searcher.search(text)
        searching_ms = _median_ms(lambda text=text: searcher.search(text))
        print(f"  search without encoding, {count} words: {searching_ms:.1f}")
    encoding_ms = _median_ms(lambda: encoder.encode([" ".join(words[:3])], Purpose.QUERY))
    print(f"  encoding a query: {encoding_ms:.1f}")


class _Remembering:
    """Encodes every text once, so that searches can be timed without it."""

    def __init__(self, encoder: TextEncoder) -> None:
        self.space = encoder.space
        self.logistic = encoder.logistic
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Vectors] = {}

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        if tuple(texts) not in self._known:
            self._known[tuple(texts)] = self._encoder.encode(texts, purpose)
        return self._known[tuple(texts)]


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, default=_ROOT.parent / "shared/media")
    parser.add_argument("--scenes", type=int, default=20_000, help="for the speed; 0 leaves it out")
    parser.add_argument("--every", action="store_true", help="show every query")
    parser.add_argument("--keywords", action="store_true", help="without the encoder")
    chosen = parser.parse_args()
    model = offline_minilm.folder()
    if model is None:
        print("The extra `offline` is not installed.")
        return 1
    encoder = SentenceEncoder(model, name=offline_minilm.NAME)
    with tempfile.TemporaryDirectory() as folder:
        texts = [*real_texts(chosen.media), *PARAPHRASED, *distractors()]
        publish(Path(folder) / "quality", texts, encoder)
        print(f"{len(texts)} scenes, {encoder.space.model}" + (", keywords only" if chosen.keywords else ""))
        used = None if chosen.keywords else encoder
        searcher = Searcher(Path(folder) / "quality", lambda role, spaces: used, _NO_TAGS)
        print_quality(searcher, every=chosen.every)
        if chosen.scenes:
            print_speed(Path(folder) / "speed", encoder, chosen.scenes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
