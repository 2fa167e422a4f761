# type: ignore
"""Synthesise utterances with libespeak-ng (word and phoneme times from its events) and store their log-mels.
usage: train_synth.py OUT_DIR FIRST_CHUNK N_CHUNKS PER_CHUNK [--test]"""

import ctypes as C, os, sys, random, pickle, re, time
import numpy as np
import train_grammar as G

SR, HOP, NFFT = 16000, 160, 400
LIB = os.environ.get("ESPEAK_LIB", "libespeak-ng.so.1")
HELD_VAR, HELD_ACC = ("m5", "f2"), ("en-gb-x-gbclan",)
ACC = (
    ["en-us"] * 8
    + ["en"] * 6
    + ["en-gb-scotland"] * 2
    + ["en-gb-x-rp"] * 2
    + ["en-gb-x-gbcwmd", "en-029", "en-us-nyc"]
)
VAR = (
    [""] * 8
    + "m1 m2 m3 m4 m6 m7 m8 f1 f3 f4 f5".split() * 2
    + "Annie Andy adam linda steph belinda antonio edward john michael Mike Lee".split()
)


class Ev(C.Structure):
    _fields_ = [
        ("type", C.c_int),
        ("uid", C.c_uint),
        ("tpos", C.c_int),
        ("len", C.c_int),
        ("ms", C.c_int),
        ("sample", C.c_int),
        ("user", C.c_void_p),
        ("id", C.c_char * 8),
    ]


CB = C.CFUNCTYPE(C.c_int, C.POINTER(C.c_short), C.c_int, C.POINTER(Ev))


class Espeak:
    def __init__(s):
        s.l = C.CDLL(LIB)
        s.sr = s.l.espeak_Initialize(1, 0, None, 1)
        s.buf = []
        s.ev = []

        def cb(w, n, ev):
            if n > 0 and w:
                s.buf.append(np.ctypeslib.as_array(w, (n,)).copy())
            i = 0
            while ev[i].type:
                e = ev[i]
                s.ev.append((e.type, e.tpos, e.sample, e.id if e.type == 7 else b""))
                i += 1
            return 0

        s.cb = CB(cb)
        s.l.espeak_SetSynthCallback(s.cb)

    def __call__(s, text, voice, rate=175, pitch=50, prange=50, gap=0):
        s.buf.clear()
        s.ev.clear()
        if s.l.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(voice)
        for k, v in ((1, rate), (3, pitch), (4, prange), (7, gap)):
            s.l.espeak_SetParameter(k, v, 0)
        b = text.encode()
        s.l.espeak_Synth(b, len(b) + 1, 0, 1, 0, 1, None, None)
        s.l.espeak_Synchronize()
        return np.concatenate(s.buf).astype(np.float32) / 32768, list(s.ev)


def resample(x, sr):
    n = -(-len(x) // 441) * 441
    m = n // 441 * 320
    assert sr == 22050
    X = np.fft.rfft(np.pad(x, (0, n - len(x))))
    return np.fft.irfft(X[: m // 2 + 1], m).astype(np.float32) * (m / n)


def melbank():
    from faster_whisper.feature_extractor import FeatureExtractor

    return FeatureExtractor().mel_filters


_M = None


def logmel(x):
    """unclamped log10 mel power, [frames, 80], frame hop 10 ms (as faster-whisper, before the clamp)"""
    global _M
    if _M is None:
        _M = melbank()
    p = np.pad(x, (200, 200), mode="reflect")
    n = len(x) // HOP
    fr = np.lib.stride_tricks.sliding_window_view(p, NFFT)[::HOP][:n] * np.hanning(
        NFFT + 1
    )[:-1].astype(np.float32)
    return np.log10(np.maximum((np.abs(np.fft.rfft(fr)) ** 2) @ _M.T, 1e-10)).astype(
        np.float16
    )


def utter(es, r, text, voice=None, rate=None):
    v = r.choice(VAR)
    a = r.choice(ACC)
    voice = voice or (a + ("+" + v if v else ""))
    if r.random() < 0.3:
        rate_, pitch, rng, gap = 175, 50, 50, 0
    else:
        rate_, pitch, rng, gap = (
            r.randint(115, 215),
            r.randint(25, 80),
            r.randint(30, 75),
            r.choice([0, 0, 0, 1, 3]),
        )
    x, ev = es(text, voice, rate or rate_, pitch, rng, gap)
    x16 = resample(x, es.sr)
    n = len(x16) // HOP
    f = lambda smp: min(n, max(0, int(round(smp / es.sr * 100))))
    words = text.split()
    pos = {}
    p = 0
    for i, w in enumerate(words):
        q = text.index(w, p)
        pos[q] = i
        p = q + len(w)
    wl = np.full(n, -1, np.int8)
    ph = np.zeros(n, np.int16)
    evw = []
    evp = []
    for t, tp, smp, id_ in ev:
        if t == 1:
            k = max((q for q in pos if q <= tp - 1 + 0), default=0)
            evw.append((f(smp), pos[k]))
        elif t == 7:
            evp.append((f(smp), id_.split(b"\0")[0].decode(errors="replace")))
    e = (x16[: n * HOP].reshape(n, HOP) ** 2).mean(1)
    act = np.nonzero(e > e.max() * 1e-4)[0]
    s0, s1 = int(act[0]), int(act[-1]) + 1
    evw.append((s1, -1))
    evp.append((s1, ""))
    for (a0, w), (a1, w2) in zip(
        evw, evw[1:]
    ):  # espeak joins some words ("in the"): share the time by letters
        g = list(range(w, w2 if w2 > w else (len(words) if w2 < 0 else w + 1)))
        c = np.cumsum([0] + [len(words[j]) + 1 for j in g]) / sum(
            len(words[j]) + 1 for j in g
        )
        for j, k in enumerate(g):
            wl[
                a0 + int(round((a1 - a0) * c[j])) : a0
                + int(round((a1 - a0) * c[j + 1]))
            ] = k
    pl = [(a0, a1, nm) for (a0, nm), (a1, _) in zip(evp, evp[1:]) if a1 > a0]
    wl[:s0] = -1
    wl[s1:] = -1
    return dict(
        text=text,
        voice=voice,
        mel=logmel(x16)[:n],
        wl=wl,
        ph=pl,
        s=s0,
        e=s1,
        nw=len(words),
    ), x16


if __name__ == "__main__":
    out, first, nch, per = sys.argv[1], *map(int, sys.argv[2:5])
    test = "--test" in sys.argv
    os.makedirs(out, exist_ok=True)
    es = Espeak()
    for c in range(first, first + nch):
        r = random.Random(1000 + c if not test else 77)
        t0 = time.time()
        L = []
        while len(L) < per:
            s = G.gen(r)
            try:
                d, _ = utter(es, r, s)
            except Exception as ex:
                print("skip", s, ex)
                continue
            L.append(d)
        with open(f"{out}/tmp{c}", "wb") as fh:
            pickle.dump(L, fh, 4)
        os.rename(f"{out}/tmp{c}", f"{out}/chunk{c:03d}.pkl")
        print(
            "chunk",
            c,
            len(L),
            "utt",
            sum(len(d["mel"]) for d in L) / 100,
            "s",
            round(time.time() - t0, 1),
            "wall",
            flush=True,
        )
