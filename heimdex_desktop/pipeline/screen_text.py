"""The stage that reads what is written in the picture, at the keyframes of every scene."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from difflib import SequenceMatcher

from heimdex_desktop.domain.contracts import TextReader
from heimdex_desktop.domain.scene import Scene, ScreenText
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

PICTURE_SIDE_PX = 1280
_SAME_FROM = 0.8


def read_screens(reader: TextReader) -> Stage:
    """Return the stage that gives every scene the lines on its keyframes.

    Pictures are read one by one, at most 1280 px on the longer side; the stage can be stopped between two.
    """

    def run(job: StageJob) -> StageRun:
        yield 0.0
        texts = yield from _read(job, reader)
        scenes = tuple(replace(scene, screen_texts=_texts_of(scene, texts)) for scene in job.record.scenes)
        return replace(job.record, scenes=scenes)

    return run


Texts = dict[int, tuple[ScreenText, ...]]
"""The lines on screen, by the moment of their keyframe in milliseconds."""


def _read(job: StageJob, reader: TextReader) -> Generator[float, None, Texts]:
    moments_ms = sorted({keyframe.at_ms for scene in job.record.scenes for keyframe in scene.keyframes})
    texts: Texts = {}
    with closing(grab_frames(job.source, moments_ms, max_side_px=PICTURE_SIDE_PX)) as frames:
        for number, (at_ms, frame) in enumerate(zip(moments_ms, frames, strict=True), start=1):
            (lines,) = reader.read([frame.image])
            texts[at_ms] = tuple(replace(line, at_ms=at_ms) for line in lines)
            yield number / len(moments_ms)
    return texts


def _texts_of(scene: Scene, texts: Texts) -> tuple[ScreenText, ...]:
    return kept_once(line for keyframe in scene.keyframes for line in texts[keyframe.at_ms])


def kept_once(lines: Iterable[ScreenText]) -> tuple[ScreenText, ...]:
    """Keep of each text that is read several times the surest reading, in the place of the first.

    Readings are of the same text when most of their letters agree and all of their digits do: a counter, a
    score or a year that changes is another text.
    """
    kept: list[ScreenText] = []
    for line in lines:
        place = _place_of(line, kept)
        if place is None:
            kept.append(line)
        elif line.confidence > kept[place].confidence:
            kept[place] = line
    return tuple(kept)


def _place_of(line: ScreenText, kept: Sequence[ScreenText]) -> int | None:
    return next((place for place, other in enumerate(kept) if _is_same(line.text, other.text)), None)


def _is_same(one: str, other: str) -> bool:
    first, second = _letters(one), _letters(other)
    if _digits(first) != _digits(second):
        return False
    compared = SequenceMatcher(None, first, second, autojunk=False)
    # The first two are upper bounds of the third and cost little.
    ratios = (compared.real_quick_ratio, compared.quick_ratio, compared.ratio)
    return all(ratio() >= _SAME_FROM for ratio in ratios)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
