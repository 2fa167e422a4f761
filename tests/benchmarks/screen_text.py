"""Print how well and how fast text on screen is read and found: `python -m tests.benchmarks.screen_text`.

Every picture is read in three ways: as the program does, by RapidOCR with another size to look at, and by
RapidOCR as it comes. Times are of the processor, one thread, so that other programs disturb them little.
"""

import argparse
import statistics
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import cv2
import lancedb
import numpy as np
from rapidocr import RapidOCR

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.scene import Box, Scene, ScreenText, Segment, Transcript, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.exact_words import word_query
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.screen_words import ScreenWords
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.inference.text_reader import RapidReader
from heimdex_desktop.media.frames import grab_frames

_ROOT = Path(__file__).resolve().parents[2]
_WITHOUT_TEXT = (
    *("clips/coffee.mp4", "clips/red_apple.mp4", "clips/seabird.avi", "clips/cockatoo.mp4"),
    *("clips/aquarium.mp4", "clips/flower_bloom.mp4", "clips/doodle_dance.mp4", "clips/marathon.mp4"),
)
_WITH_TEXT = (
    *("shots/nature_fades.mp4", "shots/counter_colours.mp4", "clips/living_room.mp4"),
    *("clips/toddler_book.mp4", "robust/vp9_10bit.webm", "robust/h264_10bit.mp4"),
)
_CAPTIONS = ("Harbour Station Exit 42", "Breaking news tonight", "CHAPTER THREE", "東京駅の天気予報")
_LETTERS_PER_CENT = (1.5, 2.0, 3.0, 5.0)
Read = Callable[[Picture], str]


def _ways() -> dict[str, Read]:
    reader = RapidReader(threads=1)
    plain: dict[str, str | int] = {
        "Global.log_level": "critical",
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    large = plain | {"Det.limit_type": "max", "Det.limit_side_len": 1280, "Global.use_cls": False}
    return {
        "as the program does": lambda picture: " ".join(line.text for line in reader.read([picture])[0]),
        "looking at up to 1280 px": _read_plainly(RapidOCR(params=large)),
        "RapidOCR as it comes": _read_plainly(RapidOCR(params=plain)),
    }


def _read_plainly(engine: Any) -> Read:
    return lambda picture: " ".join(engine(picture).txts or ())


def _pictures(media: Path, names: Sequence[str]) -> list[Picture]:
    found = (grab_frames(media / name, [900], max_side_px=1280) for name in names)
    return [frame.image for frames in found for frame in frames]


def _captioned(pictures: Sequence[Picture], per_cent: float) -> Iterator[tuple[Picture, str]]:
    """Draw a caption with a dark edge near the bottom of each picture, its letters so high for its width."""
    for number, picture in enumerate(pictures):
        height_px, width_px = picture.shape[:2]
        letters_px = max(6, round(width_px * per_cent / 100))
        text, drawn = _CAPTIONS[number % len(_CAPTIONS)], picture.copy()
        for shift, colour in ((1, (20, 20, 20)), (0, (245, 245, 245))):
            place = (width_px // 20 + shift, height_px - letters_px + shift)
            cv2.putText(drawn, text, place, colour, cv2.FontFace("uni"), letters_px)
        yield drawn, text


@dataclass
class _Tally:
    ms: list[float] = field(default_factory=list[float])
    right: list[float] = field(default_factory=list[float])

    def note(self, read: Read, picture: Picture, text: str) -> str:
        began = process_time()
        found = read(picture)
        self.ms.append((process_time() - began) * 1000)
        if text:
            self.right.append(_share_right(text, found))
        return found


def _share_right(text: str, found: str) -> float:
    """Return the share of a text's characters that were read, in order, spaces aside."""
    wanted, read = text.replace(" ", ""), found.replace(" ", "")
    same = sum(
        block.size for block in SequenceMatcher(None, wanted, read, autojunk=False).get_matching_blocks()
    )
    return same / len(wanted)


def print_reading(media: Path) -> None:
    """Show milliseconds for each picture and the share of drawn characters that are right."""
    without, with_text = _pictures(media, _WITHOUT_TEXT), _pictures(media, _WITH_TEXT)
    heights = "".join(f"{per_cent:>7}%" for per_cent in _LETTERS_PER_CENT)
    print(f"{'':26}{'no text':>9}{'false':>7}{'text':>7}   characters right, letters high by{heights}")
    for name, read in _ways().items():
        read(without[0])
        empty, full = _Tally(), _Tally()
        false = sum(bool(empty.note(read, picture, "")) for picture in without)
        for picture in with_text:
            full.note(read, picture, "")
        shares = "".join(f"{_right(read, without, per_cent):8.0%}" for per_cent in _LETTERS_PER_CENT)
        times = f"{statistics.median(empty.ms):6.0f} ms{false:7}{statistics.median(full.ms):4.0f} ms"
        print(f"{name:26}{times}{'':36}{shares}")


def _right(read: Read, pictures: Sequence[Picture], per_cent: float) -> float:
    tally = _Tally()
    for picture, text in _captioned(pictures, per_cent):
        tally.note(read, picture, text)
    return statistics.mean(tally.right)


def _record(rng: np.random.Generator, words: Sequence[str], number: int) -> VideoRecord:
    """Make up a video of 250 scenes with 20 spoken words and two lines of four words on screen each."""
    video_id, scenes = VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))), list[Scene]()
    for place in range(250):
        span = TimeSpan(place * 10_000, (place + 1) * 10_000)
        said = Transcript((Segment(span, " ".join(rng.choice(words[:8_000], 20))),))
        lines = (" ".join(rng.choice(words, 4)) for _ in range(2))
        texts = tuple(ScreenText(line, 0.9, Box(0.1, 0.8, 0.9, 0.9)) for line in lines)
        scenes.append(Scene(scene_id(video_id, span), span, transcript=said, screen_texts=texts))
    return VideoRecord(
        Video(video_id, (Path("/film.mp4"),), 1), datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes)
    )


def print_searching(folder: Path, scene_count: int) -> None:
    """Show milliseconds for searches of one and of eight words, spelt right and with one wrong letter."""
    rng = np.random.default_rng(7)
    letters = list("abcdefghijklmnoprstuvy")
    words = ["".join(rng.choice(letters, rng.integers(3, 12))) for _ in range(30_000)]
    store = SceneStore(folder)
    for number in range(scene_count // 250):
        store.publish(_record(rng, words, number), {}, {}, "made")
    store.optimize()
    table, kept = lancedb.connect(folder).open_table("scenes"), ScreenWords()
    searcher = Searcher(folder, no_encoder, TagWords({}))
    long = [word for word in words[100:1_000] if len(word) > 5]
    first_ms = _median_ms(lambda: ScreenWords().find(table, ScreenMatcher([])), times=5)
    print(
        f"\n{store.scene_count()} scenes, medians in ms; reading all words of a changed table: {first_ms:.0f}"
    )
    for count in (1, 8):
        for kind, typed in (
            ("right", long[:count]),
            ("wrong", [f"{word[:2]}z{word[3:]}" for word in long[:count]]),
        ):
            text = " ".join(typed)
            terms = word_query(parse(text)).terms
            searching_ms = _median_ms(lambda text=text: searcher.search(text))
            finding_ms = _median_ms(lambda terms=terms: kept.find(table, ScreenMatcher(terms)))
            print(
                f"  {count} words, {kind}: search {searching_ms:.0f}, of it words on screens {finding_ms:.1f}"
            )
    _print_other_way(table, [word for word in words[100:1_000] if len(word) == 4])


def _print_other_way(table: Any, words: Sequence[str]) -> None:
    """Show how many scenes a scan for pieces of a word leaves, where no words are kept in memory."""
    counts: list[int] = []
    for word in words:
        pieces = (word[: len(word) // 2], word[len(word) // 2 :])
        holds = " OR ".join(f"contains(screen, '{piece}')" for piece in pieces)
        counts.append(table.count_rows(holds))
    print(f"  scenes that hold half of a word of 4 letters: {statistics.median(counts):.0f}")


def _median_ms(call: Callable[[], object], times: int = 9) -> float:
    took: list[float] = []
    for _ in range(times):
        began = perf_counter()
        call()
        took.append((perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, default=_ROOT.parent / "shared/media")
    parser.add_argument("--scenes", type=int, default=20_000, help="for the search; 0 leaves it out")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    print_reading(chosen.media)
    if chosen.scenes:
        with tempfile.TemporaryDirectory() as folder:
            print_searching(Path(folder), chosen.scenes)


if __name__ == "__main__":
    main()
