"""Sentences wait until they are taken, each once, and jobs that tell behave like those that do not."""

from collections.abc import Generator
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.pipeline.notices import Notice, Notices, Step

SENTENCES = st.lists(st.sampled_from(["One.", "Two.", "Three."]))


@given(SENTENCES)
def test_each_waiting_sentence_is_taken_once_in_the_order_they_came(told: list[str]) -> None:
    notices = Notices()
    for sentence in told:
        notices.tell(sentence)
    assert notices.take() == tuple(dict.fromkeys(told))
    assert notices.take() == ()


def test_a_sentence_may_come_again_once_it_was_taken() -> None:
    notices = Notices()
    notices.tell("It is full.")
    notices.take()
    notices.tell("It is full.")
    assert notices.take() == ("It is full.",)


@given(st.lists(SENTENCES, min_size=1), SENTENCES)
def test_a_job_yields_what_was_told_before_its_next_step_and_its_end(
    pieces: list[list[str]], last: list[str]
) -> None:
    notices = Notices()

    def job(result: str) -> Generator[float, None, str]:
        for number, sentences in enumerate(pieces):
            for sentence in sentences:
                notices.tell(sentence)
            yield float(number)
        for sentence in last:
            notices.tell(sentence)
        return result

    expected: list[Step] = []
    for number, sentences in enumerate(pieces):
        expected += [*map(Notice, dict.fromkeys(sentences)), float(number)]
    expected += map(Notice, dict.fromkeys(last))
    steps: list[Step] = []
    assert _followed(notices.told_by({"job": job})["job"]("result"), steps) == "result"
    assert steps == expected


def _followed(work: Generator[Step, None, str], steps: list[Step]) -> str:
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            return end.value


def test_closing_a_job_that_tells_closes_the_job_beneath() -> None:
    closed: list[bool] = []

    def job(_: object) -> Generator[float, None, None]:
        try:
            yield 0.0
            yield 1.0
        finally:
            closed.append(True)

    with closing(Notices().told_by({"job": job})["job"](None)) as work:
        next(work)
        assert not closed
    assert closed
