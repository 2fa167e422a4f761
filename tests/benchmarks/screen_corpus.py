"""Invented lines that stand in pictures: slides, signs, labels, captions; some are looked for."""

from collections.abc import Mapping, Sequence

import numpy as np

# A line on a screen -> what is typed by a person who remembers some of it.
SCREENS: Mapping[str, str] = {
    "Quarterly revenue forecast": "revenue forecast",
    "Neural network architecture": "neural network",
    "Gate B42 boarding": "gate B42",
    "Caution: wet floor": "wet floor",
    "Bibliothek geöffnet": "Bibliothek",
    "Mitochondria and the cell": "mitochondria",
    "Kowalski Bakery since 1921": "Kowalski bakery",
    "Chapter 12: Thermodynamics": "thermodynamics",
    "Platform 9 to Edinburgh": "Edinburgh platform",
    "Dr. Amelia Hartmann, epidemiologist": "Amelia Hartmann",
    "Serves four: chickpea curry": "chickpea curry",
    "No trespassing": "no trespassing",
    "Annual shareholders assembly": "shareholders assembly",
    "Merge sort in O(n log n)": "merge sort",
    "Hotel Bellevue reception": "hotel Bellevue",
    "Sold out: Philharmonic gala": "philharmonic gala",
    "Customer satisfaction survey": "satisfaction survey",
    "Rue de Rivoli": "Rivoli",
    "Error 404: page not found": "error 404",
    "Fire extinguisher inspection": "fire extinguisher",
    "Introduction to watercolour": "watercolour introduction",
    "Marathon route closed": "marathon route",
    "Breaking: parliament dissolved": "parliament dissolved",
    "Photosynthesis diagram": "photosynthesis diagram",
    "Velocity equals distance over time": "velocity distance time",
    "Bergmann & Sons, clockmakers": "Bergmann clockmakers",
    "Organic fertiliser": "fertiliser",
    "Checkpoint reached": "checkpoint reached",
    "Sponsored by Lumenta": "Lumenta",
    "Subscribe to Quantum Kitchen": "quantum kitchen",
    "Temperature in Reykjavik": "Reykjavik temperature",
    "Operating theatre three": "operating theatre",
    "Nutrition facts per serving": "nutrition facts",
    "Vaccination centre entrance": "vaccination centre",
    "Confidential draft": "confidential draft",
    "Pottery class on Saturdays": "pottery class",
    "Museum of Cartography": "cartography museum",
    "Stefan Okonkwo, goalkeeper": "Okonkwo",
    "Bicycle repair workshop": "bicycle workshop",
    "Northbound trains only": "northbound trains",
}
_PLACES = (
    "Ashford",
    "Brookside",
    "Carlton",
    "Denholm",
    "Elmwood",
    "Fairview",
    "Glenmore",
    "Hillcrest",
    "Ivydale",
)
_KINDS = (
    "bank",
    "dental practice",
    "garage",
    "florist",
    "laundry",
    "primary school",
    "stationery",
    "tailor",
    "sports club",
)
_NOTES = (
    *(
        "open daily",
        "please ring twice",
        "by appointment",
        "established 1987",
        "closed on Mondays",
        "level 2",
    ),
    *("ask inside", "cash only", "mind the step", "staff only"),
)


def other_screens(count: int) -> tuple[str, ...]:
    """Return so many different lines that nobody looks for."""
    rng = np.random.default_rng(31)
    lines: dict[str, None] = {}
    while len(lines) < count:
        place, kind, note = (str(rng.choice(words)) for words in (_PLACES, _KINDS, _NOTES))
        lines[f"{place} {kind}, {note}"] = None
    return tuple(lines)


def misspelt(query: str, rng: np.random.Generator) -> str:
    """Put one wrong letter into the longest word of a query, not at its start."""
    word = max(query.split(), key=len)
    place = int(rng.integers(1, len(word)))
    others = [letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != word[place].lower()]
    return query.replace(word, f"{word[:place]}{rng.choice(others)}{word[place + 1 :]}")


def misspelt_queries() -> Sequence[tuple[str, str]]:
    """Return each line of `SCREENS` with its query, a letter of which is wrong."""
    rng = np.random.default_rng(32)
    return [(line, misspelt(query, rng)) for line, query in SCREENS.items()]
