"""A BERT-type sentence encoder in plain numpy, over weights that stay in the file.

Reads the sentence-transformers layout: `config.json`, `model.safetensors`, `tokenizer.json` and
`1_Pooling/config.json`. The weights are views of a read-only memory map, so processes share one copy.

What people ask is read a little differently from what listings say: small nudges of the last layers (`asked`) are added, and
the weights in the file stay.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

# A server forks, and a Rust thread pool that was used before a fork hangs in the child.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
from tokenizers import Tokenizer

MAX_TOKENS = 128
BATCH_TOKENS = 1024
"""Tokens worked on at once: more is hardly faster, and each costs about 12 kB."""

GELU_BLOCK = 16_384
"""Numbers worked on at once, so that the steps between stay in the processor's cache."""

PARTS = ("query", "key", "value", "joined", "widened", "narrowed")
"""The matrices of a layer that can be nudged."""

KNOWN_DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
}

Array = np.ndarray[Any, np.dtype[np.float32]]


class Dense(NamedTuple):
    """A matrix (out, in), a bias (out, 1), and what nudges the matrix: `up` (out, rank) after `down` (rank, in), added to it."""

    matrix: Array
    bias: Array
    nudge: tuple[Array, Array] | None = None

    def of(self, states: Array) -> Array:
        """states: (in, tokens)."""
        result = self.matrix @ states
        result += self.bias
        if self.nudge:
            down, up = self.nudge
            result += up @ (down @ states)
        return result


class UnusableModelError(Exception):
    """The folder does not hold a model that this encoder can run; the message says why."""


class MeaningModel:
    """Turns texts into unit vectors whose dot product says how alike they are in meaning.

    `name` is short and stable: it changes when the weights' size, the settings or the words change, so that
    vectors made by another model can be told apart. `dimensions` is the length of a vector.
    """

    def __init__(self, folder: Path) -> None:
        """Open the model in `folder`. Raises UnusableModelError if it is missing or cannot be used."""
        try:
            self._open(folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnusableModelError(f"{folder}: {error!r}") from error

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors of `texts`: float32, shape (len(texts), dimensions), in the order given.

        Only the first 128 tokens (about 90 words) of a text count. A text's vector does not depend on the
        others it is encoded with, but for rounding.
        """
        return self._encode(texts, self.layers)

    def encode_asked(self, texts: Sequence[str]) -> Array:
        """As `encode`, for what people ask: near what listings say that answer it. The same, where nothing was taught."""
        return self._encode(texts, self._asking)

    def take_taught(self, nudges: Mapping[str, Array]) -> None:
        """From now on read what people ask by these nudges: "<layer>.<part>.down" (rank, in) and "….up" (out, rank).

        Raises KeyError or ValueError if they are not of this model.
        """
        taught = []
        for number, layer in enumerate(self.layers):
            pairs = {
                part: (nudges[f"{number}.{part}.down"], nudges[f"{number}.{part}.up"])
                for part in PARTS
                if f"{number}.{part}.down" in nudges
            }
            taught.append(layer.nudged(pairs) if pairs else layer)
        self._asking = taught

    def tokens_of(self, texts: Sequence[str]) -> list[np.ndarray]:
        """The ids of each text's tokens, its begin and end among them."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return [np.asarray(encoding.ids, np.intp) for encoding in encodings]

    def states(self, tokens: Sequence[np.ndarray], layers: Sequence["Layer"]) -> Array:
        """What these layers, the first ones, make of the tokens of all texts side by side: shape (dimensions, tokens)."""
        # States are held as (features, tokens), with the tokens of all texts side by side: BLAS multiplies
        # weights by a few columns a quarter faster than a few rows by weights, and nothing is padded.
        lengths = [len(ids) for ids in tokens]
        positions = np.concatenate([np.arange(length) for length in lengths])
        states = (self._words[np.concatenate(tokens)] + self._positions[positions]).T.copy()
        _normalise(states, self._embedding_norm, self.epsilon)
        runs = list(_runs(lengths))
        for layer in layers:
            states = layer.forward(states, runs, self.heads, self.epsilon)
        return states

    def _encode(self, texts: Sequence[str], layers: Sequence["Layer"]) -> Array:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        tokens = self.tokens_of(texts)
        for rows in _batches([len(ids) for ids in tokens]):
            vectors[rows] = self._pooled([tokens[row] for row in rows], layers)
        return vectors

    def _open(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_bytes())
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_bytes())
        if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
            raise UnusableModelError(f"{folder}: only BERT-type encoders with exact GELU are understood")
        if config.get("position_embedding_type", "absolute") != "absolute":
            raise UnusableModelError(f"{folder}: only absolute positions are understood")
        modes = {key for key, on in pooling.items() if key.startswith("pooling_mode_") and on is True}
        if modes not in ({"pooling_mode_mean_tokens"}, {"pooling_mode_cls_token"}):
            raise UnusableModelError(f"{folder}: only mean or CLS pooling is understood")
        self.pools_first_token = modes == {"pooling_mode_cls_token"}
        self._tokenizer = _open_tokenizer(folder / "tokenizer.json")
        self._tokenizer.enable_truncation(min(MAX_TOKENS, config["max_position_embeddings"]))
        self.dimensions: int = config["hidden_size"]
        self.name = _fingerprint(folder)
        self.heads: int = config["num_attention_heads"]
        self.epsilon = np.float32(config["layer_norm_eps"])
        self._read_weights(map_weights(folder / "model.safetensors"), config["num_hidden_layers"])

    def _read_weights(self, weights: Mapping[str, Array], layers: int) -> None:
        prefix = "bert." if "bert.embeddings.word_embeddings.weight" in weights else ""

        def dense(name: str) -> Dense:
            return Dense(weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"][:, None])

        self._words = weights[f"{prefix}embeddings.word_embeddings.weight"]
        # All texts here are of the first of the two token types, so it is added once.
        self._positions = (
            weights[f"{prefix}embeddings.position_embeddings.weight"][:MAX_TOKENS]
            + weights[f"{prefix}embeddings.token_type_embeddings.weight"][0]
        )
        self._embedding_norm = _norm_weights(dense("embeddings.LayerNorm"))
        self.layers = [
            Layer(
                query=dense(f"encoder.layer.{n}.attention.self.query"),
                key=dense(f"encoder.layer.{n}.attention.self.key"),
                value=dense(f"encoder.layer.{n}.attention.self.value"),
                joined=dense(f"encoder.layer.{n}.attention.output.dense"),
                attention_norm=_norm_weights(dense(f"encoder.layer.{n}.attention.output.LayerNorm")),
                widened=dense(f"encoder.layer.{n}.intermediate.dense"),
                narrowed=dense(f"encoder.layer.{n}.output.dense"),
                output_norm=_norm_weights(dense(f"encoder.layer.{n}.output.LayerNorm")),
            )
            for n in range(layers)
        ]
        self._asking = self.layers

    def _pooled(self, tokens: list[np.ndarray], layers: Sequence["Layer"]) -> Array:
        states = self.states(tokens, layers)
        starts = np.cumsum([0, *(len(ids) for ids in tokens[:-1])])
        # The sum of the tokens points the same way as their mean, and only the direction is kept.
        pooled = (states[:, starts] if self.pools_first_token else np.add.reduceat(states, starts, axis=1)).T
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's weights. A norm is its scale and its shift, (dimensions, 1) each."""

    query: Dense
    key: Dense
    value: Dense
    joined: Dense
    attention_norm: tuple[Array, Array]
    widened: Dense
    narrowed: Dense
    output_norm: tuple[Array, Array]

    def nudged(self, nudges: Mapping[str, tuple[Array, Array]]) -> "Layer":
        """The same layer with (down, up) for some of its parts. Raises ValueError where their shapes do not fit."""
        changed: dict[str, Any] = {}
        for part, (down, up) in nudges.items():
            dense: Dense = getattr(self, part)
            if (len(up), down.shape[1]) != dense.matrix.shape or up.shape[1] != len(down):
                raise ValueError(f"{part}: {up.shape} after {down.shape} does not fit {dense.matrix.shape}")
            changed[part] = dense._replace(nudge=(down, up))
        return replace(self, **changed)

    def forward(
        self, states: Array, runs: list[tuple[int, int, int]], heads: int, epsilon: np.float32
    ) -> Array:
        query, key, value = self.query.of(states), self.key.of(states), self.value.of(states)
        context = np.empty_like(states)
        size = len(states) // heads
        query *= np.float32(size**-0.5)
        for start, count, length in runs:
            # (texts, heads, features, tokens), all of one length, so that no mask is needed.
            q, k, v, out = (
                part[:, start : start + count * length]
                .reshape(heads, size, count, length)
                .transpose(2, 0, 1, 3)
                for part in (query, key, value, context)
            )
            # Softmax over axis 2, the tokens attended to.
            attention = k.swapaxes(2, 3) @ q
            attention -= attention.max(axis=2, keepdims=True)
            np.exp(attention, out=attention)
            attention /= attention.sum(axis=2, keepdims=True)
            np.matmul(v, attention, out=out)
        attended = self.joined.of(context)
        attended += states
        _normalise(attended, self.attention_norm, epsilon)
        wide = self.widened.of(attended)
        flat = wide.reshape(-1)
        for start in range(0, len(flat), GELU_BLOCK):
            gelu(flat[start : start + GELU_BLOCK])
        output = self.narrowed.of(wide)
        output += attended
        _normalise(output, self.output_norm, epsilon)
        return output


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing narrower
        raise UnusableModelError(f"{path}: {error}") from error
    tokenizer.no_padding()
    return tokenizer


def map_weights(path: Path) -> dict[str, Array]:
    """The tensors of a safetensors file as read-only float32 arrays over a memory map.

    safetensors' own numpy reader copies each tensor, which would cost every process 90 MB of its own.
    16-bit tensors are converted, hence copied. Raises ValueError for a damaged file or another dtype.
    Format: https://huggingface.co/docs/safetensors (8 bytes of header length, JSON header, data).
    """
    data = np.memmap(path, np.uint8, "r")
    header_end = 8 + int(data[:8].view("<u8")[0])
    if header_end > len(data):
        raise ValueError(f"{path.name} is cut short")
    header = json.loads(data[8:header_end].tobytes())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] not in KNOWN_DTYPES:
            raise ValueError(f"{path.name} holds {entry['dtype']} numbers")
        start, end = entry["data_offsets"]
        dtype = KNOWN_DTYPES[entry["dtype"]]
        tensor = np.asarray(data[header_end + start : header_end + end]).view(dtype).reshape(entry["shape"])
        if dtype.kind == "f":
            tensors[name] = tensor.astype(np.float32, copy=False)
    return tensors


def gelu(values: Array) -> None:
    """The exact GELU, x(1 + erf(x / √2)) / 2, in place; absolute error below 1e-6.

    erf by Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 (error below 1.5e-7).
    """
    size = np.abs(values)
    x = size * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * x)
    tail = t * np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(coefficient)
        tail *= t
    np.multiply(x, -x, out=x)
    np.exp(x, out=x)
    tail *= x
    # x · erf(x) = |x| · erf(|x|), so no sign is needed.
    size *= 1 - tail
    values += size
    values *= np.float32(0.5)


def _norm_weights(weights: Dense) -> tuple[Array, Array]:
    return weights.matrix[:, None], weights.bias


def _normalise(states: Array, weights: tuple[Array, Array], epsilon: np.float32) -> None:
    scale, shift = weights
    states -= np.add.reduce(states, axis=0) / np.float32(len(states))
    variance = np.einsum("ft,ft->t", states, states) / np.float32(len(states))
    states *= 1 / np.sqrt(variance + epsilon)
    states *= scale
    states += shift


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Rows in groups of at most BATCH_TOKENS tokens, shortest first, so that equal lengths lie together."""
    batch: list[int] = []
    size = 0
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and size + lengths[row] > BATCH_TOKENS:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += lengths[row]
    if batch:
        yield batch


def _runs(lengths: list[int]) -> Iterator[tuple[int, int, int]]:
    """(first token, texts, tokens in each) of each run of equal lengths."""
    start = 0
    for length, run in groupby(lengths):
        count = sum(1 for _ in run)
        yield start, count, length
        start += count * length


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(str((folder / "model.safetensors").stat().st_size).encode())
    for part in ("config.json", "1_Pooling/config.json", "tokenizer.json"):
        digest.update((folder / part).read_bytes())
    return digest.hexdigest()[:16]
