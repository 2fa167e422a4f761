"""Texts as nobody would type them: pieces of the query language in any order, with any letters between."""

from hypothesis import strategies as st

PIECES = [
    *("@", "@Minji", "person:", 'person:"', "＠", "(", ")", "（", "）", "-(", "|", "｜", "OR", "or", "AND"),
    *('"', "“", "”", "「", "」", "«", "»", "„", " ", " ", " ", "-", "－", "−", ">>", ">", "＞＞", "≥"),
    *("within", "within 60s", "within 2 min", "60s", "60", "s", "1:30", "10s", "0s", "1h", "500ms"),
    *(
        "tag:",
        "tag:night",
        "tag：밤",
        "in:",
        "in:~/Films",
        'in:"',
        "C:\\Films",
        "after:",
        "before:2024",
        "on:",
    ),
    *("today", "yesterday", "2024-01", "2024-02-30", "9999", "0001-01", "longer:", "shorter:", "res:", "4k"),
    *(">=1080", "people:", ">=3", "2", "has:", "speech", "lang:", "pt_BR", "foo:bar", "http://x", "12:30"),
    *(
        "beach",
        "red car",
        "snow",
        "...",
        ",",
        ";",
        "!",
        "don't",
        "e-mail",
        "שלום",
        "\u202e",
        "😀",
        "٣",
        "ﬁ",
        "İ",
    ),
    *("밤", "ㅁ", "\u1100\u1161", "é", "e\u0301", "\u0338", "\u200b", "\x00", "\n", "\ud800", "\U0010ffff"),
]

typed_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join) | st.text()
