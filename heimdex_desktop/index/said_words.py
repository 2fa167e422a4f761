"""Which transcripts may hold a word of the query: looked up among distinct words, not read.

It gives what a scan for `Term.probe` would give. Where spaces separate words, a probe is a whole word or the
beginning of one, and the words that begin alike lie side by side in order. Where words run together, a probe
may stand anywhere, so each run is kept as its pairs of neighbouring signs; a transcript that has all the
pairs of a probe may hold it. (Pairs that do not follow each other pass too. They are few, and what is found
is read.)
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import UNSPACED_SIGNS
from heimdex_desktop.index.postings import Places, Postings
from heimdex_desktop.index.schema import ArrowArray
from heimdex_desktop.index.sign_pairs import SignPairs, pairs_of

# pyarrow makes these functions when it is imported, so that no type checker knows them.
_arrow: Any = pyarrow.compute
AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True, eq=False)
class SaidWords:
    """The words of `row_count` transcripts.

    `words` are the distinct ones in order, but for those that begin with a sign of a script without spaces;
    `pairs` are those of all that hold such a sign.
    """

    row_count: int
    words: ArrowArray
    by_word: Postings
    pairs: SignPairs

    @classmethod
    def of(cls, texts: ArrowArray) -> "SaidWords":
        """Take texts apart that are spelt for searching, shape (n,)."""
        split = _arrow.split_pattern(_arrow.utf8_trim_whitespace(texts), " ")
        rows = _arrow.list_parent_indices(split).to_numpy()
        words, numbers = in_order(_arrow.list_flatten(split))
        pairs = _by_pair(words, _mask(words, UNSPACED_SIGNS), rows, numbers, len(texts))
        # Of the rest no probe that is looked up here is a beginning.
        spaced = ~_mask(words, f"^{UNSPACED_SIGNS}")
        number_of = np.cumsum(spaced, dtype=np.int32) - 1
        numbers, rows = number_of[numbers[spaced[numbers]]], rows[spaced[numbers]]
        words = words.filter(pa.array(spaced))
        return cls(len(texts), words, Postings.of(numbers, rows, len(words)), pairs)

    def holding(self, term: Term) -> Places:
        """Return the rows that may hold a word, not in order; a row may repeat."""
        if term.is_glued:
            return self.pairs.holding(term.probe)
        probe = term.probe[1:]
        whole = probe.removesuffix(" ")
        first = place_in(self.words, whole)
        if whole != probe:
            is_there = first < len(self.words) and self.words[first].as_py() == whole
            return self.by_word.between(first, first + is_there)
        return self.by_word.between(first, place_in(self.words, whole + AFTER_ALL))

    @property
    def size_bytes(self) -> int:
        return self.words.nbytes + self.by_word.size_bytes + self.pairs.size_bytes


def _mask(words: ArrowArray, pattern: str) -> NDArray[np.bool_]:
    return _arrow.match_substring_regex(words, pattern).to_numpy(zero_copy_only=False)


def in_order(words: ArrowArray) -> tuple[ArrowArray, NDArray[np.int32]]:
    """Return the distinct words in order, and the number of each word among them."""
    encoded = words.dictionary_encode()
    order = _arrow.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return encoded.dictionary.take(pa.array(order)), rank[encoded.indices.to_numpy()]


def _by_pair(
    words: ArrowArray,
    runs: NDArray[np.bool_],
    rows: NDArray[np.int32],
    numbers: NDArray[np.int32],
    count: int,
) -> SignPairs:
    """Return the pairs of all words that are marked as `runs`, with the rows of a count that hold them."""
    codes, lengths = pairs_of(words.filter(pa.array(runs)))
    pairs, place = np.unique(codes, return_inverse=True)
    starts = np.zeros(len(words) + 1, np.int64)
    sizes = np.zeros(len(words), np.int64)
    sizes[runs] = lengths
    np.cumsum(sizes, out=starts[1:])
    # Every run in a text stands for all its pairs.
    repeats = sizes[numbers]
    within = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    keys = place[np.repeat(starts[numbers], repeats) + within]
    return SignPairs(count, pairs, Postings.of(keys, np.repeat(rows, repeats), len(pairs)))


def place_in(words: ArrowArray, word: str) -> int:
    """Return where a word stands, or would stand, among words in order."""
    # Arrow sorts by UTF-8, which is the order of Python's own comparison.
    return bisect_left(range(len(words)), word, key=lambda place: words[place].as_py())
