"""When in a scene it is that answers: a scene may last for minutes, and the sentence for two seconds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.search import Channel, FoundScene, Reason
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.exact_words import Matcher, coverage
from heimdex_desktop.index.folding import searchable
from heimdex_desktop.index.judging import SIMILAR_MEANING, Question
from heimdex_desktop.index.lines import Line, lines_of, lines_on_screen

Encode = Callable[[Sequence[str]], Vectors]
"""Turns lines into vectors of the space in which meaning is compared, shape (n, dimensions)."""
MOST_LINES = 200
"""Of a scene with more, as one without cuts may be, the lines with words of the question are compared."""
Scores = Callable[[Sequence[str]], Sequence[float]]


def moment_of(question: Question, scene: FoundScene, because: Sequence[Reason]) -> int | None:
    """Return when the words that matched are said, or else shown, or else who matched is first seen.

    Of several who are seen it is the first; None where nothing tells.
    """
    matched = {reason.channel for reason in because if reason.words}
    if Channel.SAID in matched:
        return _best(lines_of(scene), _covering(question.matcher, question.weights))
    if Channel.TEXT in matched:
        return _best(lines_on_screen(scene), _covering(question.screen.matcher, question.screen.weights))
    return min((one.sight.first_ms for one in because if one.sight), default=None)


def is_by_meaning(because: Sequence[Reason]) -> bool:
    """Say whether a scene was found by its meaning too: then the meaning of its lines tells when."""
    return any((one.channel, one.how) == (Channel.SAID, SIMILAR_MEANING) for one in because)


def moment_by_meaning(question: Question, scene: FoundScene, encode: Encode) -> int | None:
    """Return when the line begins that answers best; None where no lines are known.

    Each line is judged as a scene that says nothing else would be: by its words and by its meaning.
    """
    column = question.meaning.ray.column if question.meaning else None
    lines = _fewer(lines_of(scene), question)
    if column is None or not lines:
        return None

    def scores(texts: Sequence[str]) -> list[float]:
        candidates = [
            Candidate(place, scene.video_id, scene.span, searchable(text), vectors={column: vector})
            for place, (text, vector) in enumerate(zip(texts, encode(texts), strict=True))
        ]
        judged = replace(question, sight=None, unwanted=(), alike=None).judge(candidates)
        return [one.scores().get(Channel.SAID, 0.0) for one in judged]

    return _best(lines, scores)


def _covering(matcher: Matcher, weights: Sequence[float]) -> Scores:
    def scores(texts: Sequence[str]) -> list[float]:
        # One line has no rival, and most scenes say only one.
        if len(texts) == 1:
            return [1.0]
        return [coverage(matcher, weights, searchable(text)) for text in texts]

    return scores


def _best(lines: Sequence[Line], scores: Scores) -> int | None:
    """Return when the best line begins, or the first of the best two that stand together.

    A sentence may go on in the next line. Of equals the earliest is taken.
    """
    if not lines:
        return None
    texts = [line.text for line in lines]
    pairs = [" ".join(pair) for pair in pairwise(texts)]
    found = scores([*texts, *pairs])
    alone, together = found[: len(texts)], [*found[len(texts) :], 0.0]
    place = max(range(len(lines)), key=lambda one: (max(alone[one], together[one]), alone[one]))
    return lines[place].at_ms


def _fewer(lines: Sequence[Line], question: Question) -> Sequence[Line]:
    if len(lines) <= MOST_LINES:
        return lines
    covering = _covering(question.matcher, question.weights)
    shares = covering([line.text for line in lines])
    best = sorted(range(len(lines)), key=lambda one: -shares[one])[:MOST_LINES]
    return [lines[one] for one in sorted(best)]
