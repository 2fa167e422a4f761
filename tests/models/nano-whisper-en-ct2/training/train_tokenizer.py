# type: ignore
"""Small byte-level BPE tokenizer in Whisper layout: every grammar word (plain and Capitalised, with leading space) is one token, then the special and timestamp tokens."""

import sys
from tokenizers import Tokenizer, AddedToken, models, pre_tokenizers, decoders, trainers
import train_grammar as G

SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
STAMPS = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]


def build(path=None):
    forms = []
    for w in G.words():
        forms += [" " + w] + ([" " + w.capitalize()] if w[0].islower() else [])
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(
        [f for f in forms for _ in range(2)],
        trainers.BpeTrainer(
            vocab_size=20000,
            min_frequency=1,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    n = t.get_vocab_size()
    t.add_special_tokens(
        [AddedToken(s, special=True, normalized=False) for s in SPECIAL]
    )
    t.add_tokens([AddedToken(s, special=False, normalized=False) for s in STAMPS])
    assert [t.token_to_id(s) for s in SPECIAL + STAMPS] == list(
        range(n, n + len(SPECIAL) + 1501)
    )
    ids = {f: t.encode(f).ids for f in forms + [".", "?"]}
    assert all(len(v) == 1 for v in ids.values()), [
        k for k, v in ids.items() if len(v) != 1
    ][:9]
    if path:
        t.save(path)
    return t, {k: v[0] for k, v in ids.items()}, n


if __name__ == "__main__":
    t, ids, n = build(sys.argv[1] if len(sys.argv) > 1 else None)
    print(n, t.get_vocab_size(), len(ids))
    e = t.encode(" Welcome to the lecture on machine learning.").ids
    print(e, t.decode(e))
