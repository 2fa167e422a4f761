"""Unrelated looks that a picture is compared with, and common things by their names in other scripts."""

from heimdex_desktop.index.background import Script

LOOKS = (
    "a chessboard",
    "a volcano",
    "a bowl of soup",
    "a wedding dress",
    "a subway train",
    "a snowy mountain",
    "a brass trumpet",
    "a page of handwriting",
    "a tropical fish",
    "a brick wall",
    "a crowded stadium",
    "a spider web",
    "a glass of red wine",
    "a dentist at work",
    "a desert road",
    "a row of tents",
    "a pile of coins",
    "a wooden bridge",
    "a sewing machine",
    "a baby asleep",
    "a lightning storm",
    "a fruit market",
    "a satellite dish",
    "a swimming pool",
    "a horse race",
    "a candle",
    "a map of a city",
    "a ballet dancer",
    "a rusty truck",
    "a green frog",
    "a conference room",
    "a waterfall",
    "a lemon cut in half",
    "a suit of armour",
    "a parking garage",
    "a field of wheat",
    "a telescope",
    "a bouquet of roses",
    "a fishing boat",
    "a soldier marching",
    "a microscope image of cells",
    "a knitted sweater",
    "a fireplace",
    "a flock of geese",
    "a laboratory",
    "a plate of sushi",
    "a skyscraper at dusk",
    "a pair of scissors",
    "a muddy football pitch",
    "a church organ",
    "a puppet on strings",
    "an iceberg",
    "an old typewriter",
    "an empty classroom",
    "an aerial view of farmland",
    "a close-up of an eye",
    "a black screen",
    "a diagram with arrows",
    "people waiting in a queue",
    "someone riding a bicycle",
)

_ENGLISH = ("dog", "cat", "car", "tree", "sea", "flower", "bird", "house", "bread", "book", "moon", "fire")

NAMES = {
    Script.HANGUL: tuple(
        zip(
            ("개", "고양이", "자동차", "나무", "바다", "꽃", "새", "집", "빵", "책", "달", "불"),
            _ENGLISH,
            strict=True,
        )
    ),
    Script.JAPANESE_OR_CHINESE: tuple(
        zip(
            ("犬", "猫", "車", "木", "海", "花", "鳥", "家", "パン", "本", "月", "火"),
            _ENGLISH,
            strict=True,
        )
    ),
}
"""Pairs of a name in another script and the English one."""
