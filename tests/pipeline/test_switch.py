"""Another model: the search goes on with the old vectors until all new ones are there, and can go back."""

from dataclasses import astuple
from pathlib import Path

import lancedb
import pytest

from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace
from heimdex_desktop.index.judging import SIMILAR_MEANING
from heimdex_desktop.index.schema import columns_of
from heimdex_desktop.pipeline.stages import MEANING
from tests.pipeline.conftest import Open
from tests.pipeline.workshop import SPACE, Workshop, write_video

NEWER = EmbeddingSpace("newer digests", "2", 64)


@pytest.fixture
def library(shop: Workshop, films: Path) -> Workshop:
    """A library of three films, indexed with the old model."""
    for number in range(3):
        write_video(films / f"{number}.mp4")
    shop.add(films)
    return shop


def spaces(shop: Workshop) -> list[EmbeddingSpace]:
    table = lancedb.connect(shop.places.lancedb).open_table("scenes")
    return [column.space for column in columns_of(table.schema)]


def found_by_meaning(shop: Workshop, *at_hand: EmbeddingSpace) -> int:
    """Count the hits for what one scene of each film says, by an encoder that knows nothing but equality."""
    hits = shop.found("We left the harbour before sunrise.", *at_hand)
    return sum(reason.how == SIMILAR_MEANING for hit in hits for reason in hit.because)


def test_the_search_goes_on_with_the_old_model_until_the_new_one_is_complete(
    library: Workshop, reopen: Open
) -> None:
    assert found_by_meaning(library, SPACE) == 3
    shop = reopen(space=NEWER)
    shop.publisher.open()
    shop.indexing.recall()
    seen: list[int] = []
    told: list[tuple[str, str, int, int]] = []
    while shop.step():
        if spaces(shop)[0] == SPACE:
            assert shop.publisher.switching == {TEXT}
            assert found_by_meaning(shop, SPACE, NEWER) == 3
            seen.append(shop.ran.count(MEANING))
            told += [astuple(one) for one in shop.indexing.take_changes().overall.switches]
    assert told[-1] == (TEXT, NEWER.model, 3, 3)
    assert {done for *_, done, total in told if total == 3} == {0, 1, 2, 3}
    assert shop.indexing.take_changes().overall.switches == ()
    assert max(seen) == 3, "also when the last one was just made"
    assert spaces(shop) == [NEWER]
    assert shop.publisher.switching == frozenset()
    assert found_by_meaning(shop, NEWER) == 3
    assert found_by_meaning(shop, SPACE) == 0


def test_going_back_in_the_middle_costs_no_work(library: Workshop, reopen: Open) -> None:
    shop = reopen(space=NEWER)
    shop.indexing.recall()
    while shop.ran.count(MEANING) < 2:
        assert shop.step()
    back = reopen()
    calls: list[int] = []
    encode = back.encoder.encode
    back.encoder.encode = lambda texts, purpose: (calls.append(len(texts)), encode(texts, purpose))[1]
    back.publisher.open()
    assert found_by_meaning(back, SPACE) == 3
    back.indexing.recall()
    back.finish()
    assert calls == []
    assert spaces(back) == [SPACE]
    assert found_by_meaning(back, SPACE) == 3


def test_a_switch_that_was_killed_goes_on(library: Workshop, reopen: Open) -> None:
    shop = reopen(space=NEWER)
    shop.indexing.recall()
    while shop.ran.count(MEANING) < 2:
        assert shop.step()
    again = reopen(space=NEWER)
    again.indexing.recall()
    again.finish()
    assert again.ran.count(MEANING) <= 2
    assert spaces(again) == [NEWER]
    assert found_by_meaning(again, NEWER) == 3


def test_old_vectors_of_words_that_have_changed_are_not_kept(
    library: Workshop, reopen: Open, films: Path
) -> None:
    shop = reopen(space=NEWER)
    (films / "1.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nSomething else.\n", encoding="utf-8")
    shop.indexing.recall()
    while not shop.publisher.switching or shop.ran.count(MEANING) < 3:
        assert shop.step()
    assert found_by_meaning(shop, SPACE) == 2
    shop.finish()
    assert found_by_meaning(shop, NEWER) == 2


def test_the_old_model_stays_while_not_all_videos_are_known(
    library: Workshop, reopen: Open, films: Path
) -> None:
    shop = reopen(space=NEWER)
    shop.add(films / "0.mp4")
    assert spaces(shop) == [SPACE, NEWER]
    assert found_by_meaning(shop, SPACE) == 3


def test_without_the_old_model_the_new_one_is_used_at_once(library: Workshop, reopen: Open) -> None:
    shop = reopen(space=NEWER)
    shop.indexing.recall()
    while shop.ran.count(MEANING) < 2:
        assert shop.step()
    assert found_by_meaning(shop, NEWER) >= 1
