"""A second forward pass, written apart from the first: float64, one text at a time, in the usual layout."""

import json
import math
from pathlib import Path

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

erf = np.vectorize(math.erf)


def reference_vectors(folder: Path, texts: list[str]) -> np.ndarray:
    """Unit vectors by the textbook (Devlin et al. 2018), for texts shorter than the model's limit."""
    config = json.loads((folder / "config.json").read_text())
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
    with safe_open(folder / "model.safetensors", framework="np") as file:
        names = list(file.keys())
        weights = {name.removeprefix("bert."): file.get_tensor(name).astype(np.float64) for name in names}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    rows = []
    for text in texts:
        states = _encode(weights, config, tokenizer.encode(text).ids)
        pooled = states[0] if pooling.get("pooling_mode_cls_token") else states.mean(axis=0)
        rows.append(pooled / np.linalg.norm(pooled))
    return np.array(rows)


def _encode(weights: dict, config: dict, ids: list[int]) -> np.ndarray:
    def linear(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + config["layer_norm_eps"])
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    size = config["hidden_size"] // config["num_attention_heads"]
    for number in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{number}"
        q, k, v = (linear(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
        heads = []
        for start in range(0, config["hidden_size"], size):
            part = slice(start, start + size)
            scores = q[:, part] @ k[:, part].T / math.sqrt(size)
            chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
            heads.append(chances @ v[:, part])
        attended = linear(np.concatenate(heads, axis=1), f"{layer}.attention.output.dense")
        x = norm(x + attended, f"{layer}.attention.output.LayerNorm")
        wide = linear(x, f"{layer}.intermediate.dense")
        wide = wide * (1 + erf(wide / math.sqrt(2))) / 2
        x = norm(x + linear(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    return x
