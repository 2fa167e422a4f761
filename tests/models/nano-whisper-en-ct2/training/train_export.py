# type: ignore
"""checkpoint -> CTranslate2 int8 / faster-whisper directory. usage: train_export.py CKPT.pt OUT_DIR [--quantization int8]"""

import argparse, json, os, shutil, tempfile, numpy as np, torch
import train_nano_whisper as M

ap = argparse.ArgumentParser()
ap.add_argument("ckpt")
ap.add_argument("out")
ap.add_argument("--quantization", default="int8")
a = ap.parse_args()
from transformers import (
    WhisperConfig,
    WhisperForConditionalGeneration,
    GenerationConfig,
)
import ctranslate2.converters.transformers as T

cfg = WhisperConfig(
    vocab_size=M.V,
    num_mel_bins=80,
    encoder_layers=M.NE,
    encoder_attention_heads=M.H,
    decoder_layers=M.ND,
    decoder_attention_heads=M.H,
    d_model=M.D,
    encoder_ffn_dim=M.FF,
    decoder_ffn_dim=M.FF,
    max_source_positions=1500,
    max_target_positions=448,
    bos_token_id=M.EOT,
    eos_token_id=M.EOT,
    pad_token_id=M.EOT,
    decoder_start_token_id=M.SOT,
)
ck = torch.load(a.ckpt, weights_only=False, map_location="cpu")
net = M.Net(120)
net.load_state_dict(ck["net"])
net.eval()
h = WhisperForConditionalGeneration(cfg).eval()
ref = h.state_dict()
new = {}
for k, v in net.state_dict().items():
    if (
        k.startswith("encoder.")
        or k.startswith("decoder.layers")
        or k.startswith("decoder.layer_norm")
    ) and not k.endswith(".pos"):
        assert ref["model." + k].shape == v.shape, k
        new["model." + k] = v
new["model.encoder.embed_positions.weight"] = net.encoder.pos
new["model.decoder.embed_positions.weight"] = (
    net.decoder.pos * net.decoder.pos_scale.detach()
)
new["model.decoder.embed_tokens.weight"] = new["proj_out.weight"] = (
    net.decoder.table().detach()
)
h.load_state_dict(new, strict=True)
ids = torch.tensor([[M.SOT, M.TS0, 300, 400]])
x = torch.randn(1, 80, 3000)
with torch.no_grad():
    e, _ = net.encoder(x, torch.zeros(1, dtype=torch.long))
    d = float((net.decoder(ids, e)[0] - h(x, decoder_input_ids=ids).logits).abs().max())
    print("trained net vs Hugging Face Whisper, max logit difference", d)
    assert d < 1e-2
g = GenerationConfig(
    bos_token_id=M.EOT,
    eos_token_id=M.EOT,
    pad_token_id=M.EOT,
    decoder_start_token_id=M.SOT,
)
g.suppress_tokens = [
    M.sid(s)
    for s in (
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>",
        "<|startoftranscript|>",
        "<|en|>",
    )
]
g.begin_suppress_tokens = [M.TOK.encode(" ").ids[0], M.EOT]
g.no_timestamps_token_id = M.NOTS
g.is_multilingual = False
g.alignment_heads = [[1, 0], [1, 1]]
hf = tempfile.mkdtemp()
h.generation_config = g
h.save_pretrained(hf)
M.TOK.save(hf + "/tokenizer.json")
json.dump(
    dict(
        feature_size=80,
        sampling_rate=16000,
        hop_length=160,
        chunk_length=30,
        n_fft=400,
        feature_extractor_type="WhisperFeatureExtractor",
        processor_class="WhisperProcessor",
    ),
    open(hf + "/preprocessor_config.json", "w"),
)
T._MODEL_LOADERS["WhisperConfig"].get_vocabulary = lambda self, model, t=None: [
    w
    for w, _ in sorted(
        M.TOK.get_vocab(with_added_tokens=True).items(), key=lambda kv: kv[1]
    )
]
T.TransformersConverter.load_tokenizer = lambda s, c, n, **k: None
tmp = tempfile.mkdtemp()
T.TransformersConverter(
    hf, copy_files=["tokenizer.json", "preprocessor_config.json"]
).convert(tmp, quantization=a.quantization, force=True)
os.makedirs(a.out, exist_ok=True)
for f in os.listdir(tmp):
    shutil.copy(os.path.join(tmp, f), os.path.join(a.out, f))
    print(f, os.path.getsize(os.path.join(a.out, f)))
shutil.rmtree(hf)
shutil.rmtree(tmp)
