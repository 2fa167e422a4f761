# type: ignore
"""Measure a nano-whisper directory with faster-whisper on freshly synthesised WAVs (espeak-ng program, 22.05 kHz). usage: train_eval.py MODEL_DIR WORK_DIR [--train-data DIR] [--n 60] [--quick]"""

import argparse, glob, json, os, pickle, random, re, subprocess, sys, time, wave
import numpy as np
import train_grammar as G, train_synth as S

ap = argparse.ArgumentParser()
ap.add_argument("model")
ap.add_argument("work")
ap.add_argument("--train-data")
ap.add_argument("--n", type=int, default=60)
ap.add_argument("--quick", action="store_true")
a = ap.parse_args()
os.makedirs(a.work, exist_ok=True)
HAND = [
    "Anna drives a red car in the city at night.",
    "Minji cuts the birthday cake on the table.",
    "David plays the guitar at the beach.",
    "Maria opens the door of the kitchen.",
    "Two people are walking under the bridge in the rain.",
    "A blue boat is on the lake at sunset.",
    "The dog jumps in the water.",
    "Welcome to the lecture on machine learning.",
    "The meeting starts at ten.",
    "Happy birthday to you.",
    "The train arrives at seven in the morning.",
    "A black cat sleeps on the chair.",
    "The children are playing in the snow.",
    "Please open the window.",
    "John rides a bicycle in the park.",
    "There are five birds in the garden.",
    "Sarah sings a song at the party.",
    "The white horse runs near the river.",
    "Today we talk about computer vision.",
    "Emma throws the ball in the park.",
    "The man with the umbrella waits at the station.",
    "We see a big mountain in the winter.",
    "Tom takes a picture of the yellow flower.",
    "The baby laughs and the mother smiles.",
    "Thank you for watching.",
    "My name is David and this is my dog.",
    "The doctor talks with the family in the office.",
    "She buys three apples and two bananas.",
    "Look at the green bus on the road.",
    "Stop the car and wait for the train.",
]


def norm(t):
    return re.sub(r"[^a-z0-9 ]", "", t.lower().replace("-", " ")).split()


def edits(r, h):
    d = list(range(len(h) + 1))
    for i, x in enumerate(r, 1):
        p, d[0] = d[0], i
        for j, y in enumerate(h, 1):
            p, d[j] = d[j], min(d[j] + 1, d[j - 1] + 1, p + (x != y))
    return d[-1]


def say(text, path, voice, speed=175, pitch=50):
    subprocess.run(
        [
            "espeak-ng",
            "-v",
            voice,
            "-s",
            str(speed),
            "-p",
            str(pitch),
            "-w",
            path,
            text,
        ],
        check=True,
    )


def rd(path):
    w = wave.open(path)
    return np.frombuffer(w.readframes(w.getnframes()), np.int16).astype(
        np.float32
    ) / 32768, w.getframerate()


def wr(path, x, sr=22050):
    w = wave.open(path, "wb")
    w.setparams((1, 2, sr, 0, "NONE", ""))
    w.writeframes((np.clip(x, -1, 1) * 32767).astype(np.int16).tobytes())
    w.close()


seen = set()
if a.train_data:
    for f in glob.glob(a.train_data + "/chunk*.pkl"):
        seen |= {u["text"].lower() for u in pickle.load(open(f, "rb"))}
r = random.Random(4242)
sents = []
fixed = {f.rstrip("?") for f in G.FIX}
while len(sents) < 4 * a.n:
    s = G.base(r)
    if r.random() < 0.9 and len(s.split()) < 3:
        continue
    s = s[0].upper() + s[1:] + ("" if s.endswith("?") else ".")
    if s.lower() not in seen and s.lower().rstrip(".?") not in fixed and s not in sents:
        sents.append(s)
VAR = [v for v in ["", "m1", "m3", "m7", "f1", "f3", "f4", "m2"]]
sets = dict(
    seen_default=[(s, r.choice(["en-us", "en-gb"]), 175, 50) for s in sents[: a.n]],
    seen_voices=[
        (
            s,
            r.choice(["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp"])
            + (lambda v: "+" + v if v else "")(r.choice(VAR)),
            r.randint(130, 200),
            r.randint(30, 75),
        )
        for s in sents[a.n : 2 * a.n]
    ],
    unseen_variant=[
        (
            s,
            r.choice(["en-us", "en-gb"]) + "+" + r.choice(S.HELD_VAR),
            r.randint(140, 190),
            50,
        )
        for s in sents[2 * a.n : 3 * a.n]
    ],
    unseen_accent=[
        (s, S.HELD_ACC[0], r.randint(140, 190), 50) for s in sents[3 * a.n : 4 * a.n]
    ],
    hand_written=[
        (s, v, 175, 50)
        for i, s in enumerate(HAND)
        for v in (["en-us", "en-gb+f3"][i % 2],)
    ],
)
from faster_whisper import WhisperModel, BatchedInferencePipeline

m = WhisperModel(a.model, device="cpu", compute_type="int8", cpu_threads=1)
res = {}


def wer(items, run):
    E = N = exact = 0
    bad = []
    t = d = 0
    for s, p, dur in items:
        t0 = time.time()
        h = run(p)
        t += time.time() - t0
        d += dur
        k = edits(norm(s), norm(h))
        E += k
        N += len(norm(s))
        exact += norm(s) == norm(h)
        if k:
            bad.append((s, h))
    return dict(
        wer=round(E / N, 4), words=N, clips=len(items), exact=exact, rtf=round(t / d, 4)
    ), bad


go = lambda **k: (
    lambda p: "".join(x.text for x in m.transcribe(p, language="en", **k)[0])
)
for name, L in sets.items():
    items = []
    for i, (s, v, sp, pi) in enumerate(L):
        p = f"{a.work}/{name}_{i:03d}.wav"
        if not os.path.exists(p):
            say(s, p, v, sp, pi)
        x, sr = rd(p)
        items.append((s, p, len(x) / sr))
    for tag, k in (("beam5_vad", dict(beam_size=5, vad_filter=True)),) + (
        ()
        if a.quick or name not in ("seen_default", "unseen_variant")
        else (
            ("beam1_vad", dict(beam_size=1, vad_filter=True)),
            ("beam1_novad", dict(beam_size=1)),
            (
                "beam1_vad_nots",
                dict(beam_size=1, vad_filter=True, without_timestamps=True),
            ),
        )
    ):
        q, bad = wer(items, go(**k))
        res[f"{name}/{tag}"] = q
        print(name, tag, q, flush=True)
        if tag == "beam5_vad":
            print("   ", bad[:12])


# several sentences with pauses: segment times, word times, batched pipeline, over 30 s
def multi(k, n, seed, gap, noise=0):
    r = random.Random(seed)
    x = [np.zeros(int(0.5 * 22050))]
    tr = []
    pos = len(x[0])
    v = r.choice(["en-us", "en-gb", "en-us+f3", "en-us+m3"])
    for j in range(n):
        s = sents[r.randrange(len(sents))]
        p = f"{a.work}/tmp.wav"
        say(s, p, v)
        y, _ = rd(p)
        act = np.nonzero(np.abs(y) > 0.01)[0]
        tr.append((s, (pos + act[0]) / 22050, (pos + act[-1]) / 22050))
        g = np.zeros(int(22050 * r.uniform(*gap)))
        x += [y, g]
        pos += len(y) + len(g)
    x = np.concatenate(x)
    p = f"{a.work}/multi_{k}.wav"
    wr(p, x + (np.random.default_rng(seed).normal(0, noise, len(x)) if noise else 0))
    return p, tr, len(x) / 22050


def times(tag, clips, **k):
    E = N = 0
    ds = []
    de = []
    t = d = 0
    miss = 0
    for p, tr, dur in clips:
        t0 = time.time()
        seg = list(m.transcribe(p, language="en", **k)[0])
        t += time.time() - t0
        d += dur
        h = "".join(s.text for s in seg)
        w = norm(" ".join(s for s, _, _ in tr))
        E += edits(w, norm(h))
        N += len(w)
        for s, b, e in tr:
            c = [g for g in seg if edits(norm(s), norm(g.text)) <= 0.35 * len(norm(s))]
            c = min(c, key=lambda g: abs(g.start - b), default=None)
            if c is None:
                miss += 1
            else:
                ds.append(abs(c.start - b))
                de.append(abs(c.end - e))
    q = dict(
        wer=round(E / N, 4),
        words=N,
        clips=len(clips),
        start_err_median=round(float(np.median(ds)), 2) if ds else None,
        start_err_p90=round(float(np.quantile(ds, 0.9)), 2) if ds else None,
        end_err_median=round(float(np.median(de)), 2) if de else None,
        end_err_p90=round(float(np.quantile(de, 0.9)), 2) if de else None,
        sentences_without_own_segment=miss,
        sentences=sum(len(c[1]) for c in clips),
        rtf=round(t / d, 4),
    )
    res[tag] = q
    print(tag, q, flush=True)


short = [multi(f"s{i}", 3, 100 + i, (0.6, 2.0)) for i in range(12)]
long = [multi(f"l{i}", 20, 200 + i, (0.4, 1.6)) for i in range(3)]
gaps = [multi(f"g{i}", 4, 300 + i, (4, 8)) for i in range(4)]
noisy = [multi(f"n{i}", 3, 400 + i, (0.6, 2.0), 0.01) for i in range(6)]
for tag, c in (
    ("three_sentences", short),
    ("three_sentences_noise", noisy),
    ("long_60s", long),
    ("gaps_4_8s", gaps),
):
    times(tag + "/beam5_vad", c, beam_size=5, vad_filter=True)
    if not a.quick:
        times(tag + "/beam1_novad", c, beam_size=1)
        times(
            tag + "/beam5_vad_words",
            c,
            beam_size=5,
            vad_filter=True,
            word_timestamps=True,
        )
for tag, kk in (
    ("long_60s/no_prompt", {}),
    ("long_60s/no_prompt_chunk12", dict(chunk_length=12)),
    ("long_60s/no_prompt_chunk20", dict(chunk_length=20)),
):
    times(
        tag, long, beam_size=5, vad_filter=True, condition_on_previous_text=False, **kk
    )
bp = BatchedInferencePipeline(m)
for tag, c in (("three_sentences", short), ("long_60s", long)):
    for nm, kk in (("", {}), ("_ts", dict(without_timestamps=False))):
        E = N = 0
        t0 = time.time()
        ns = 0
        for p, tr, dur in c:
            seg = list(bp.transcribe(p, language="en", batch_size=4, **kk)[0])
            ns += len(seg)
            w = norm(" ".join(s for s, _, _ in tr))
            E += edits(w, norm("".join(s.text for s in seg)))
            N += len(w)
        res[f"{tag}/batched{nm}"] = dict(
            wer=round(E / N, 4),
            words=N,
            segments=ns,
            rtf=round((time.time() - t0) / sum(x[2] for x in c), 4),
        )
        print(tag, "batched" + nm, res[f"{tag}/batched{nm}"], flush=True)
rg = np.random.default_rng(0)
t = np.arange(22050 * 12) / 22050
non = dict(
    silence=np.zeros(len(t)),
    white_noise=rg.normal(0, 0.05, len(t)),
    tone=0.3 * np.sin(2 * np.pi * 440 * t),
    music=sum(
        0.12 * np.sin(2 * np.pi * f * t) * np.exp(-((t * 2 + i * 0.5) % 1) * 3)
        for i, f in enumerate((262, 330, 392, 523))
    ),
)
for k, x in non.items():
    wr(f"{a.work}/non_{k}.wav", x)
    o = {
        v: "".join(
            s.text
            for s in m.transcribe(
                f"{a.work}/non_{k}.wav", language="en", beam_size=5, vad_filter=v
            )[0]
        )
        for v in (True, False)
    }
    res["non_speech/" + k] = {"vad": o[True], "no_vad": o[False]}
    print(k, res["non_speech/" + k])
json.dump(res, open(f"{a.work}/results.json", "w"), indent=1)
