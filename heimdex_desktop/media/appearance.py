"""Tags that need no model: light, colours, motion and plainness, measured from samples.

Every threshold below was set on real clips (films, phone videos, screen recordings) so that a person
who looks at the scene would agree with the tag; a doubtful tag is left out.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from heimdex_desktop.media.colours import COLOUR_NAMES
from heimdex_desktop.media.samples import Sample

NIGHT, BRIGHT = "night", "bright"
BLACK_AND_WHITE = "black and white"
STILL, MOVING, FAST = "still", "moving", "fast"
TITLE_CARD, PLAIN = "title card", "plain background"

ALL_TAGS = frozenset({NIGHT, BRIGHT, BLACK_AND_WHITE, STILL, MOVING, FAST, TITLE_CARD, PLAIN, *COLOUR_NAMES})
"""Every tag that `tags_of` can give."""

_FLOOR = 0.35
_MOST_COLOURS = 3
# A small red thing strikes the eye; a little pink is only skin, a little blue only shade.
_STRIKING = {"red": 2.0, "orange": 1.6, "yellow": 1.6, "purple": 1.6, "green": 1.4, "blue": 1.2, "pink": 1.0}
# These are everywhere, so only a picture that is full of them is called so: (share for 0, share for 1).
_COMMON = {"brown": (0.1, 1.0), "white": (0.25, 1.0), "grey": (0.35, 1.0), "black": (0.25, 1.0)}


def tags_of(samples: Sequence[Sample]) -> Mapping[str, float]:
    """Say what a stretch of video looks like: a score of 0.35..1 for each tag that is true of it.

    Samples taken just after a cut should be left out, since their motion is that of the cut.
    """
    if not samples:
        return {}
    scores = dict(_light(samples))
    scores.update(_motion(samples))
    scores.update(_plainness(samples))
    scores.update(_colours(samples))
    return {tag: round(score, 2) for tag, score in scores.items() if score >= _FLOOR}


def _light(samples: Sequence[Sample]) -> Iterator[tuple[str, float]]:
    lightness = _median(samples, "lightness")
    yield NIGHT, _ramp(lightness, none=28, full=8)
    yield BRIGHT, _ramp(lightness, none=62, full=87)


def _motion(samples: Sequence[Sample]) -> Iterator[tuple[str, float]]:
    motion = _median(samples, "motion")
    fast = _ramp(motion, none=6, full=14)
    yield STILL, _ramp(motion, none=1.2, full=0)
    if fast >= _FLOOR:
        yield FAST, fast
    else:
        yield MOVING, _ramp(motion, none=1.5, full=5.5)


def _plainness(samples: Sequence[Sample]) -> Iterator[tuple[str, float]]:
    flat, edges, plain = (_median(samples, measure) for measure in ("flat", "edges", "plain"))
    background = _ramp(plain, none=0.4, full=0.9) * _ramp(flat, none=0.6, full=0.8)
    # Letters are hard edges on nothing: hardly any pixel lies between flat and edge.
    crisp = _ramp(flat + edges, none=0.85, full=0.95) * _ramp(edges, none=0.0, full=0.01)
    still = _ramp(_median(samples, "motion"), none=2, full=0.5)
    card = min(background, crisp, still)
    # That a title card has a plain background goes without saying.
    yield (TITLE_CARD, card) if card >= _FLOOR else (PLAIN, background)


def _colours(samples: Sequence[Sample]) -> Iterator[tuple[str, float]]:
    colourless = _colourlessness(samples)
    yield BLACK_AND_WHITE, colourless
    if colourless >= _FLOOR:
        return
    scores = {name: _colour_score(name, samples) for name in COLOUR_NAMES}
    strongest = sorted(scores.items(), key=lambda score: -score[1])
    yield from strongest[:_MOST_COLOURS]


def _colour_score(name: str, samples: Sequence[Sample]) -> float:
    share = float(np.mean([sample.colours.get(name, 0.0) for sample in samples]))
    if name in _COMMON:
        none, full = _COMMON[name]
        return _ramp(share, none=none, full=full)
    return min(1.0, float(np.sqrt(share * _STRIKING[name])))


def _colourlessness(samples: Sequence[Sample]) -> float:
    """Tell film without colour from an empty, evenly grey or black screen and from a printed card."""
    contrast = _median(samples, "bright_end") - _median(samples, "dark_end")
    if contrast < 25 or _median(samples, "flat") > 0.8:
        return 0.0
    chroma = float(np.percentile([sample.chroma for sample in samples], 75))
    return _ramp(chroma, none=5, full=2)


def _median(samples: Sequence[Sample], measure: str) -> float:
    return float(np.median([getattr(sample, measure) for sample in samples]))


def _ramp(value: float, *, none: float, full: float) -> float:
    """Rise from 0 at `none` to 1 at `full`, in a straight line; `full` may be the smaller one."""
    return min(1.0, max(0.0, (value - none) / (full - none)))
