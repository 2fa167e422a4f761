# type: ignore
"""Train the nano Whisper from scratch on the log-mels of train_synth.py (CPU, bf16).
usage: train_nano_whisper.py DATA_DIR OUT.pt --minutes 38 [--resume X.pt] [--phases ...]
Helps that make it learn within minutes on a CPU (none of them is left in the exported model):
 frame-wise phoneme and word targets on the encoder (times known from espeak-ng), two decoder heads guided to the word's true time
 (these become alignment_heads), encoder attention heads started as local windows, timestamp embeddings made from sinusoids by one shared matrix."""

import argparse, glob, json, math, os, pickle, random, sys, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
import train_tokenizer as TK

D, H, NE, ND, FF = 128, 4, 4, 2, 512
LOCAL = [[-4, -1, 1, 4], [-8, -3, 3, 8], [-12, -4, 4, 12], [-18, -6, 6, 18]]
TOK, FORM, N0 = TK.build()
V = TOK.get_vocab_size()
sid = lambda s: TOK.token_to_id(s)
EOT, SOT, PREV, NOSP, NOTS, TS0 = (
    sid("<|endoftext|>"),
    sid("<|startoftranscript|>"),
    sid("<|startofprev|>"),
    sid("<|nospeech|>"),
    sid("<|notimestamps|>"),
    sid("<|0.00|>"),
)
BASE = {}  # word without case -> row
for f in FORM:
    BASE.setdefault(f.strip().lower(), len(BASE))
NB = len(BASE)


def sinusoids(n, d=D):
    inc = math.log(10000) / (d // 2 - 1)
    t = torch.arange(n)[:, None] * torch.exp(-inc * torch.arange(d // 2))[None]
    return torch.cat([t.sin(), t.cos()], 1)


class Attn(nn.Module):
    def __init__(s):
        super().__init__()
        s.q_proj = nn.Linear(D, D)
        s.k_proj = nn.Linear(D, D, bias=False)
        s.v_proj = nn.Linear(D, D)
        s.out_proj = nn.Linear(D, D)

    def forward(s, x, kv=None, causal=False, want=False):
        B, L, _ = x.shape
        kv = x if kv is None else kv
        sp = lambda t: t.view(B, -1, H, D // H).transpose(1, 2)
        q, k, v = sp(s.q_proj(x)), sp(s.k_proj(kv)), sp(s.v_proj(kv))
        a = None
        if want:
            a = ((q @ k.transpose(2, 3)).float() * (D // H) ** -0.5).softmax(-1)
            o = a.to(v.dtype) @ v
        elif causal or q.shape[2] > 900:
            o = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        else:
            o = (q * (D // H) ** -0.5 @ k.transpose(2, 3)).softmax(-1) @ v
        return s.out_proj(o.transpose(1, 2).reshape(B, L, D)), a


class EncLayer(nn.Module):
    def __init__(s):
        super().__init__()
        s.self_attn = Attn()
        s.self_attn_layer_norm = nn.LayerNorm(D)
        s.fc1 = nn.Linear(D, FF)
        s.fc2 = nn.Linear(FF, D)
        s.final_layer_norm = nn.LayerNorm(D)

    def forward(s, x):
        x = x + s.self_attn(s.self_attn_layer_norm(x))[0]
        return x + s.fc2(F.gelu(s.fc1(s.final_layer_norm(x))))


class DecLayer(nn.Module):
    def __init__(s):
        super().__init__()
        s.self_attn = Attn()
        s.self_attn_layer_norm = nn.LayerNorm(D)
        s.encoder_attn = Attn()
        s.encoder_attn_layer_norm = nn.LayerNorm(D)
        s.fc1 = nn.Linear(D, FF)
        s.fc2 = nn.Linear(FF, D)
        s.final_layer_norm = nn.LayerNorm(D)

    def forward(s, x, e):
        x = x + s.self_attn(s.self_attn_layer_norm(x), causal=True)[0]
        c, a = s.encoder_attn(s.encoder_attn_layer_norm(x), e, want=True)
        x = x + c
        return x + s.fc2(F.gelu(s.fc1(s.final_layer_norm(x)))), a


class Enc(nn.Module):
    def __init__(s):
        super().__init__()
        s.conv1 = nn.Conv1d(80, D, 3, padding=1)
        s.conv2 = nn.Conv1d(D, D, 3, 2, 1)
        s.layers = nn.ModuleList(EncLayer() for _ in range(NE))
        s.layer_norm = nn.LayerNorm(D)
        s.register_buffer("pos", sinusoids(1500))
        for L, sh in zip(
            s.layers, LOCAL
        ):  # start each head as a window around its shift
            q, k = L.self_attn.q_proj, L.self_attn.k_proj
            nn.init.zeros_(q.bias)
            q.weight.data *= 0.3
            k.weight.data *= 0.3
            g = 1.0
            for h, sf in enumerate(sh):
                for j in range(16):
                    f = 2 * j
                    w = math.exp(-math.log(10000) / 63 * f)
                    a, b = h * 32 + 2 * j, h * 32 + 2 * j + 1
                    k.weight.data[a, f] += g
                    k.weight.data[b, 64 + f] += g
                    c, sn = (
                        math.cos(w * sf),
                        math.sin(w * sf),
                    )  # sin(w(t+sf)), cos(w(t+sf))
                    q.weight.data[a, f] += g * c
                    q.weight.data[a, 64 + f] += g * sn
                    q.weight.data[b, 64 + f] += g * c
                    q.weight.data[b, f] -= g * sn

    def forward(s, mel, off):
        x = F.gelu(s.conv2(F.gelu(s.conv1(mel)))).transpose(1, 2)
        T = x.shape[1]
        x = x + s.pos[(off[:, None] + torch.arange(T)[None])]
        mid = None
        for i, L in enumerate(s.layers):
            x = L(x)
            if i == 1:
                mid = x
        return s.layer_norm(x), mid


class Dec(nn.Module):
    def __init__(s):
        super().__init__()
        s.base = nn.Parameter(torch.randn(NB, D) * 0.05)
        s.cap = nn.Parameter(torch.randn(D) * 0.05)
        s.unused = nn.Parameter(torch.randn(D) * 0.05)
        s.special = nn.Parameter(torch.randn(len(TK.SPECIAL), D) * 0.05)
        s.ts_w = nn.Parameter(torch.eye(D) * 0.1)
        s.ts_b = nn.Parameter(torch.zeros(D))
        s.layers = nn.ModuleList(DecLayer() for _ in range(ND))
        s.layer_norm = nn.LayerNorm(D)
        s.pos_scale = nn.Parameter(torch.tensor(0.3))
        s.register_buffer("pos", sinusoids(448))
        s.register_buffer("tsin", sinusoids(1501))
        idx = torch.full((N0,), NB)
        cap = torch.zeros(N0)
        for f, i in FORM.items():
            idx[i] = BASE[f.strip().lower()]
            cap[i] = float(f.strip()[:1].isupper())
        s.register_buffer("idx", idx)
        s.register_buffer("capf", cap)

    def table(s):
        return torch.cat(
            [
                F.embedding(s.idx, torch.cat([s.base, s.unused[None]]))
                + s.capf[:, None] * s.cap,
                s.special,
                s.tsin @ s.ts_w + s.ts_b,
            ]
        )

    def forward(s, ids, e):
        E = s.table()
        x = F.embedding(ids, E) + s.pos[: ids.shape[1]] * s.pos_scale
        A = []
        for L in s.layers:
            x, a = L(x, e)
            A.append(a)
        return s.layer_norm(x) @ E.t(), A


class Net(nn.Module):
    def __init__(s, nph):
        super().__init__()
        s.encoder = Enc()
        s.decoder = Dec()
        s.ph = nn.Linear(D, nph)
        s.wd = nn.Linear(D, NB + 1)


# ---------------------------------------------------------------- data
class Data:
    def __init__(s, d, phones=None):
        s.d, s.seen, s.U, s.phones = d, set(), [], phones
        s.scan()

    def scan(s):
        for f in sorted(glob.glob(s.d + "/chunk*.pkl")):
            if f in s.seen:
                continue
            s.seen.add(f)
            L = pickle.load(open(f, "rb"))
            if s.phones is None:
                s.phones = {
                    n: i + 1
                    for i, n in enumerate(sorted({n for u in L for _, _, n in u["ph"]}))
                }
            for u in L:
                w = u["text"].split()
                if sorted(set(u["wl"].tolist()) - {-1}) != list(range(len(w))):
                    continue
                ph = np.zeros(len(u["mel"]), np.int16)
                for a, b, n in u["ph"]:
                    ph[a:b] = s.phones.get(n, 0)
                u["ph"] = ph
                q = w[-1][-1]
                w[-1] = w[-1][:-1]
                u["ids"] = [FORM[" " + x] for x in w] + [FORM[q]]
                u["b"] = np.array([BASE[x.lower()] for x in w])
                s.U.append(u)
        s.long = [u for u in s.U]


def smooth(r, n, sd):
    return np.interp(np.arange(80), np.linspace(0, 79, n), r.normal(0, sd, n)).astype(
        np.float32
    )


def nutt(r, T, m):
    x = r.random()
    if T > 2000:
        return (
            int(r.integers(1, 4))
            if x < 0.25
            else int(r.integers(3, 9))
            if x < 0.45
            else m
        )  # full 30 s windows: a part of them short clips and much padding, as at inference
    return m if x < 0.6 else int(r.integers(1, m + 1))


def sample(data, r, T, maxutt, p_sil=0.05, full=False):
    """one window of T mel frames -> mel [T,80], phones/words per 20 ms, segments [(ids, s, e, [(ws, we)...])], silence flag; full: as inference (content then zeros)"""
    can = np.full((T, 80), -10.0, np.float32)
    ph = np.zeros(T, np.int64)
    wb = np.full(T, NB, np.int64)
    segs = []
    pos = (
        int(r.integers(0, 50))
        if r.random() < 0.75
        else int(r.integers(0, min(200, T // 3)))
    )
    sil = r.random() < p_sil
    v0 = data.U[r.integers(len(data.U))]["voice"]
    nu = 0 if sil else nutt(r, T, maxutt)
    eq = smooth(r, int(r.integers(2, 6)), 0.25) if r.random() < 0.4 else 0
    fs = r.normal(0, 0.6) if r.random() < 0.25 else 0
    cut = None
    g0 = r.uniform(-1, 0.4) if r.random() < 0.8 else r.uniform(-2, 0.5)
    end = pos
    if r.random() < 0.15:
        eq = eq - np.maximum(0, np.arange(80) - r.integers(55, 78)).astype(
            np.float32
        ) * r.uniform(0.05, 0.4)
    for _ in range(nu):
        u = data.U[r.integers(len(data.U))]
        m = u["mel"].astype(np.float32)
        wl, up = u["wl"], u["ph"]
        n = len(m)
        s0, e0 = u["s"], u["e"]
        if r.random() < 0.25:
            n2 = int(n * r.uniform(0.88, 1.15))
            ix = np.minimum(n - 1, (np.arange(n2) * (n / n2)))
            i0 = ix.astype(int)
            m = m[i0]
            wl = wl[i0]
            up = up[i0]
            s0, e0, n = int(s0 * n2 / n), max(1, int(e0 * n2 / n)), n2
        if pos + n > T:
            if T < 2900 or T - pos < 120 or not segs:
                break
            cut = pos
            n = T - pos
            m, wl, up = m[:n], wl[:n], up[:n]  # a sentence that runs over the 30 s end
        if fs:
            b = np.clip(np.arange(80) + fs, 0, 79)
            b0 = b.astype(int)
            fr = (b - b0).astype(np.float32)
            m = m[:, b0] * (1 - fr) + m[:, np.minimum(79, b0 + 1)] * fr
        can[pos : pos + n] = np.maximum(m + eq + (g0 + r.normal(0, 0.15)), -10)
        ph[pos : pos + n] = up
        k = wl >= 0
        wb[pos : pos + n][k] = u["b"][np.minimum(wl[k], len(u["b"]) - 1)]
        if cut is None:
            st = [int(np.argmax(wl == i)) for i in range(len(u["b"]))]
            en = [int(n - np.argmax(wl[::-1] == i)) for i in range(len(u["b"]))]
            segs.append(
                (
                    u["ids"],
                    (pos + s0) / 2,
                    (pos + e0) / 2,
                    [((pos + a) / 2, (pos + b) / 2) for a, b in zip(st, en)]
                    + [((pos + e0) / 2 - 4, (pos + e0) / 2)],
                )
            )
        end = pos + n
        pos = end + (
            int(r.integers(0, 30)) if r.random() < 0.75 else int(r.integers(0, 200))
        )
        if cut is not None:
            break
    if T > 1000 and nu > 5 and r.random() < 0.4 or cut is not None:
        end = T
    else:
        end = min(T, end + int(r.integers(0, 200)))
    if sil:
        end = int(r.integers(30, T))
    x = can[:end]
    pk = x.max() if segs else r.uniform(-3, 1)
    if r.random() < 0.45 or sil and r.random() < 0.8:
        lv = pk - r.uniform(2.3, 7) if not sil else pk - r.uniform(0, 6)
        k = r.uniform(1.5, 6)
        nz = (
            np.log10(r.gamma(k, 1 / k, (end, 80)).astype(np.float32) + 1e-6)
            + lv
            + smooth(r, int(r.integers(2, 5)), 0.5)
        )
        if sil and r.random() < 0.3:
            nz += np.repeat(smooth(r, 40, 1.2)[None], end, 0)  # hum / tones
        mx = np.maximum(x, nz)
        x = mx + np.log10(10 ** (x - mx) + 10 ** (nz - mx))
    else:
        x = np.maximum(x, -10)
    x = (np.maximum(x, x.max() - 8) + 4) / 4
    out = np.zeros((T, 80), np.float32)
    out[:end] = x
    if r.random() < 0.1:
        out[end:] = out[:end].min()  # padded with silence instead of zeros
    return out, ph[::2], wb[::2], segs, sil, cut


def tokens(r, segs, sil, cut, off, data, ts, prompt):
    """-> input ids, labels, label interval, input interval (20 ms units, window relative)"""
    z = (-1, -1)
    I = [SOT]
    Lb = []
    LI = []
    II = [z]
    if prompt:
        p = []
        for _ in range(int(r.integers(1, 7))):
            t = data.U[r.integers(len(data.U))]["ids"]
            a = int(r.integers(0, 1400))
            p += [TS0 + a] + t + [TS0 + min(1500, a + 90)] if r.random() < 0.6 else t
        p = p[-int(r.integers(5, 120)) :]
        I = [PREV] + p + [SOT]
        Lb = [-100] * (len(p) + 1)
        LI = [z] * (len(p) + 1)
        II = [z] * len(I)
    if sil:
        if ts:
            return (
                I + [TS0 + int(r.integers(0, 20))],
                Lb + [NOSP, EOT],
                LI + [z, z],
                II + [z],
            )
        return I + [NOTS], Lb + [NOSP, EOT], LI + [z, z], II + [z]
    out = []
    first = True
    if not ts:
        out.append((NOTS, z))
    for ids, s, e, iv in segs:
        if ts:
            a = s + off
            a = min(a, 50) if first and off == 0 else a
            out.append((TS0 + int(min(1500, a)), (s - 2, s + 3)))
        out += list(zip(ids, iv))
        first = False
        if ts:
            out.append((TS0 + int(min(1500, round(e + off))), (e - 3, e + 2)))
    if cut is not None and ts:
        out.append((TS0 + int(min(1500, cut / 2 + off)), (cut / 2 - 2, cut / 2 + 3)))
    out.append((EOT, z))
    if not ts:
        Lb.append(-100)
        LI.append(z)
    else:
        Lb.append(out[0][0])
        LI.append(out[0][1])
    for (a, ia), (b, ib) in zip(out, out[1:]):
        I.append(a)
        II.append(ia)
        Lb.append(b)
        LI.append(ib)
    return I, Lb, LI, II


def batch(data, r, B, T, maxutt, p_off, p_prompt):
    M, P, W, S = [], [], [], []
    off = []
    for _ in range(B):
        m, p, w, segs, sil, cut = sample(data, r, T, maxutt)
        while not sil and not segs:
            m, p, w, segs, sil, cut = sample(data, r, T, maxutt)
        o = int(r.integers(0, 1501 - T // 2)) if r.random() < p_off else 0
        if sil:
            o = 0
        S.append(
            tokens(r, segs, sil, cut, o, data, r.random() < 0.7, r.random() < p_prompt)
        )
        M.append(m)
        P.append(p)
        W.append(w)
        off.append(o)
    L = max(len(s[0]) for s in S)
    ids = torch.full((B, L), EOT)
    lab = torch.full((B, L), -100)
    li = torch.full((B, L, 2), -1.0)
    ii = torch.full((B, L, 2), -1.0)
    for i, (a, b, c, d) in enumerate(S):
        n = len(a)
        assert n == len(b) == len(c) == len(d), (n, len(b), len(c), len(d))
        ids[i, :n] = torch.tensor(a)
        lab[i, :n] = torch.tensor(b)
        li[i, :n] = torch.tensor(c, dtype=torch.float)
        ii[i, :n] = torch.tensor(d, dtype=torch.float)
    return (
        torch.from_numpy(np.stack(M)).transpose(1, 2).contiguous(),
        torch.from_numpy(np.stack(P)),
        torch.from_numpy(np.stack(W)),
        torch.tensor(off),
        ids,
        lab,
        li,
        ii,
    )


GW = torch.tensor([math.exp(-(k * k) / 4.5) for k in range(-4, 5)])
GW = GW / GW.sum()


def guide(a, iv):
    S = a.shape[-1]
    ar = torch.arange(S).float()
    v = iv[..., 0] > -1
    s = iv[..., :1].floor().clamp(0, S - 1)
    e = torch.maximum(iv[..., 1:].ceil(), s + 1)
    m = (ar >= s - 1) & (ar < e + 1)
    if not v.any():
        return a.sum() * 0
    return -(((a * m[:, None]).sum(-1) + 1e-4).log().mean(1)[v]).mean()


def losses(net, b, wa):
    mel, ph, wd, off, ids, lab, li, ii = b
    with torch.autocast("cpu", torch.bfloat16):
        e, mid = net.encoder(mel, off)
        lp = net.ph(mid)
        lw = net.wd(e)
        lo, A = net.decoder(ids, e)
    lo = lo.float()
    k = lab >= 0
    L = lo[k].log_softmax(-1)
    y = lab[k]
    ts = y >= TS0
    nl = -L.gather(1, y[:, None])[:, 0]
    if ts.any():
        j = y[ts][:, None] + torch.arange(-4, 5)
        ok = (j >= TS0) & (j < V)
        g = GW * ok
        g = g / g.sum(1, keepdim=True)
        nl = nl.masked_scatter(ts, -(L[ts].gather(1, j.clamp(TS0, V - 1)) * g).sum(1))
    ld = nl[~ts].mean()
    lt = nl[ts].mean() if ts.any() else ld * 0
    lph = F.cross_entropy(lp.float().flatten(0, 1), ph.flatten())
    cw = F.cross_entropy(lw.float().flatten(0, 1), wd.flatten())
    g = guide(A[1][:, :2], li) + 0.5 * guide(A[0][:, :1], ii)
    with torch.no_grad():
        w = y < N0
        acc = (L.argmax(1) == y)[w].float().mean()
        te = (
            (L[ts][:, TS0:].argmax(1) + TS0 - y[ts]).abs().float().median() * 0.02
            if ts.any()
            else 0
        )
        vo = ph > 0
        pa = (lp.argmax(-1) == ph)[vo].float().mean()
        wv = wd < NB
        wacc = (lw.argmax(-1) == wd)[wv].float().mean()
    return ld + 0.3 * lt + wa * (lph + cw) + 0.5 * g, dict(
        tok=float(ld),
        ts=float(lt),
        ph=float(lph),
        wd=float(cw),
        g=float(g),
        acc=float(acc),
        te=float(te),
        pa=float(pa),
        wacc=float(wacc),
    )


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("data")
    ap.add_argument("out")
    ap.add_argument("--minutes", type=float, default=38)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--resume")
    ap.add_argument("--start", type=float, default=0.0)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--threads", type=int, default=2)
    # fraction end : window frames : batch : max utterances : p(random position) : p(prompt) : aux weight
    ap.add_argument(
        "--phases",
        nargs="*",
        default=[
            "0.40:480:24:1:0.7:0.0:1.0",
            "0.78:1200:10:4:0.5:0.15:0.6",
            "1.0:3000:5:8:0.0:0.25:0.3",
        ],
    )
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    r = np.random.default_rng(a.seed)
    ck = torch.load(a.resume, weights_only=False) if a.resume else None
    data = Data(a.data, ck and ck["phones"])
    nph = 120
    net = Net(nph)
    print(
        "utt",
        len(data.U),
        "phones",
        len(data.phones),
        "params",
        sum(p.numel() for p in net.parameters()),
        "vocab",
        V,
        flush=True,
    )
    if ck:
        net.load_state_dict(ck["net"])
    opt = torch.optim.AdamW(
        [
            {
                "params": [p for p in net.parameters() if p.ndim > 1],
                "weight_decay": 0.02,
            },
            {"params": [p for p in net.parameters() if p.ndim < 2], "weight_decay": 0},
        ],
        lr=a.lr,
        betas=(0.9, 0.98),
    )
    if ck and "opt" in ck and a.start > 0:
        opt.load_state_dict(ck["opt"])
    t0 = time.time()
    step = 0
    hist = []
    tl = t0
    ph = [tuple(float(x) for x in p.split(":")) for p in a.phases]
    sv = t0
    cnt = 0
    save = lambda: (
        torch.save(
            dict(net=net.state_dict(), opt=opt.state_dict(), phones=data.phones),
            a.out + ".tmp",
        ),
        os.replace(a.out + ".tmp", a.out),
    )
    while True:
        fr = a.start + (1 - a.start) * (time.time() - t0) / (60 * a.minutes)
        if fr >= 1:
            break
        _, T, B, mu, po, pp, wa = next(p for p in ph if fr < p[0])
        lr = (
            a.lr
            * min(1, (step + 1) / (15 if a.resume else 150))
            * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * fr)))
        )
        for g in opt.param_groups:
            g["lr"] = lr
        b = batch(data, r, int(B), int(T), int(mu), po, pp)
        loss, info = losses(net, b, wa)
        opt.zero_grad()
        loss.backward()
        gn = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        step += 1
        cnt += int(B)
        hist.append(info)
        if step % 50 == 0:
            print(
                f"{(time.time() - t0) / 60:.1f}m fr {fr:.2f} step {step} T {int(T)} {(time.time() - tl) / 50:.2f}s/step seen {cnt} lr {lr:.5f} gn {float(gn):.2f} "
                + " ".join(f"{k} {np.mean([h[k] for h in hist]):.3f}" for k in info),
                flush=True,
            )
            hist = []
            tl = time.time()
            if len(data.seen) < 64 and step % 100 == 0:
                data.scan()
        if time.time() - sv > 90:
            save()
            sv = time.time()
    save()
    print("done", step, cnt)
