import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "warm", "cold", "room", "tea", "and", "talk", "walk", "."]
HIDDEN, WIDE, LAYERS, HEADS = 64, 96, 2, 4


@pytest.fixture
def make_tiny(tmp_path):
    """Usage: make_tiny() for a small random BERT on disk; make_tiny(pooling="cls_token") for another kind."""

    def make(name="tiny", pooling="mean_tokens", dtype=np.float32, prefix="", **config) -> Path:
        folder = tmp_path / name
        (folder / "1_Pooling").mkdir(parents=True)
        defaults = {
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": HIDDEN,
            "intermediate_size": WIDE,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": HEADS,
            "max_position_embeddings": 32,
            "layer_norm_eps": 1e-12,
        }
        (folder / "config.json").write_text(json.dumps(defaults | config))
        (folder / "1_Pooling" / "config.json").write_text(json.dumps({f"pooling_mode_{pooling}": True}))
        (folder / "tokenizer.json").write_text(json.dumps(_tokenizer()))
        weights = {prefix + key: value.astype(dtype) for key, value in _random_weights().items()}
        save_file(weights, str(folder / "model.safetensors"))
        return folder

    return make


def _tokenizer() -> dict:
    ends = {word: {"id": word, "ids": [WORDS.index(word)], "tokens": [word]} for word in ("[CLS]", "[SEP]")}
    sequence = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                sequence,
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
            ],
            "pair": [sequence, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": ends,
        },
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: row for row, word in enumerate(WORDS)},
            "unk_token": "[UNK]",
        },
    }


def _random_weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(7)
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": (32, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
        "embeddings.LayerNorm.weight": (HIDDEN,),
        "embeddings.LayerNorm.bias": (HIDDEN,),
    }
    for layer in range(LAYERS):
        for part, out, into in (
            ("attention.self.query", HIDDEN, HIDDEN),
            ("attention.self.key", HIDDEN, HIDDEN),
            ("attention.self.value", HIDDEN, HIDDEN),
            ("attention.output.dense", HIDDEN, HIDDEN),
            ("intermediate.dense", WIDE, HIDDEN),
            ("output.dense", HIDDEN, WIDE),
        ):
            shapes[f"encoder.layer.{layer}.{part}.weight"] = (out, into)
            shapes[f"encoder.layer.{layer}.{part}.bias"] = (out,)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"encoder.layer.{layer}.{part}.weight"] = (HIDDEN,)
            shapes[f"encoder.layer.{layer}.{part}.bias"] = (HIDDEN,)
    return {
        name: random.normal(1.0 if "LayerNorm.weight" in name else 0.0, 0.2, shape)
        for name, shape in shapes.items()
    }
