"""What a library has to choose from while a query is typed: its people, tags, languages and folders."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute
from lancedb.table import Table

from heimdex_desktop.domain.query_completion import Offer, Offers
from heimdex_desktop.index.schema import ArrowArray

# pyarrow makes these functions when it is imported, so that no type checker knows them.
_arrow: Any = pyarrow.compute
_MOST = 1000
"""So many of a kind can be looked through at every letter without a person noticing."""

PeopleOffers = Callable[[Mapping[str, int]], Sequence[Offer]]
"""Returns everybody to choose from, by the number of scenes in which each is seen, by their ids."""
OtherNames = Callable[[str], Sequence[str]]
"""Returns by which other names a tag goes."""


def offers_of(videos: Table, scenes: Table, other_names: OtherNames, people: PeopleOffers) -> Offers:
    """Return at most 1000 tags, languages and folders each, those of the most scenes (or videos) first.

    Reads three columns of all scenes. May raise FOREIGN_ERRORS.
    """
    tags, languages, seen = _counted(scenes)
    return Offers(
        people=tuple(people(seen)),
        tags=tuple(Offer.of(tag, *other_names(tag)) for tag in _most_common(tags)),
        languages=tuple(map(Offer.of, _most_common(languages))),
        folders=tuple(map(Offer.of, _most_common(_folders(_locations(videos))))),
    )


def _counted(scenes: Table) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count in how many scenes each tag, each language and each person is."""
    tags, languages, people = Counter[str](), Counter[str](), Counter[str]()
    found: Any = (
        scenes.search().select(["tag_names", "language", "people"]).limit(max(1, scenes.count_rows()))
    )
    for batch in found.to_batches():
        _add(tags, _arrow.list_flatten(batch["tag_names"]))
        _add(languages, batch["language"].drop_null())
        _add(people, _arrow.list_flatten(batch["people"]))
    return tags, languages, people


def _add(counts: Counter[str], values: ArrowArray) -> None:
    for one in _arrow.value_counts(values).to_pylist():
        counts[one["values"]] += one["counts"]


def _locations(videos: Table) -> Iterable[Path]:
    found: Any = videos.search().select(["locations"]).limit(max(1, videos.count_rows())).to_arrow()
    return map(Path, _arrow.list_flatten(found["locations"].combine_chunks()).to_pylist())


def _folders(locations: Iterable[Path]) -> Counter[str]:
    """Count the videos in and below each folder that holds videos itself, or several folders of them."""
    counts, holding = Counter[Path](), set[Path]()
    for location in locations:
        holding.add(location.parent)
        counts.update(location.parents)
    below = Counter(folder.parent for folder in counts if folder != folder.parent)
    return Counter(
        {
            str(folder): count
            for folder, count in counts.items()
            if folder != folder.parent and (folder in holding or below[folder] > 1)
        }
    )


def _most_common(counts: Counter[str]) -> list[str]:
    """Return those counted most often first, and those counted equally often by their names."""
    return [name for name, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST]]
