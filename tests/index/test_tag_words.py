"""Words for looks are found in a query, in any language at hand."""

from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.query import parse
from heimdex_desktop.index.tag_words import TagWords

_TOML = """
[tags.night]
words = ["night", "dark", "밤", "어두운"]
[tags.red]
words = ["red"]
[tags."black and white"]
words = ["black and white", "monochrome"]
[tags.black]
words = ["black", "dark"]
"""


@pytest.fixture
def tag_words(tmp_path: Path) -> TagWords:
    path = tmp_path / "tags.toml"
    path.write_text(_TOML, "utf-8")
    return TagWords.load(path)


@pytest.mark.parametrize(
    ("typed", "tags", "explained"),
    [
        ("night", ("night",), 1.0),
        ("NIGHTS", ("night",), 1.0),
        ("dark night", ("night", "black"), 1.0),
        ("the night scene", ("night",), 1.0),
        ("밤에 찍은 어두운 영상", ("night",), 2 / 3),
        ("black and white film", ("black and white",), 0.75),
        ("a red apple on the table", ("red",), 1 / 3),
        ("pancakes", (), 0.0),
        ('"dark night"', (), 0.0),
        ('red "dark night"', ("red",), 1 / 3),
        ("the of", (), 0.0),
    ],
)
def test_finds_tags_and_the_share_they_explain(
    tag_words: TagWords, typed: str, tags: tuple[str, ...], explained: float
) -> None:
    found = tag_words.ask(parse(typed))
    assert set(found.tags) == set(tags)
    assert found.explained == pytest.approx(explained)


def test_scores_the_mean_over_the_words(tag_words: TagWords) -> None:
    asked = tag_words.ask(parse("dark red"))
    assert asked.score({"night": 0.8, "red": 0.4}) == pytest.approx(0.6)
    assert asked.score({"night": 0.2, "black": 0.8}) == pytest.approx(0.4)
    assert asked.score({}) == 0.0


@pytest.mark.parametrize(
    "content", [None, "not toml [", "[other]", "[tags]\nnight = 3", "tags = 1", "[tags.night]\nwords = 4"]
)
def test_a_broken_list_is_our_error(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "tags.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(MachineError, match=r"tags\.toml"):
        TagWords.load(path)


def test_the_words_of_the_program_can_be_read() -> None:
    path = Path(__file__).resolve().parents[2] / "resources/appearance_tags.toml"
    assert TagWords.load(path).ask(parse("밤")).explained == 1.0
