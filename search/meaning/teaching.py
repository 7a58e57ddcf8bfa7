"""Teaching the language model to read a question as what answers it, by what the kinds of help say.

The last layers are nudged, as LoRA does it (Hu et al. 2021): beside each matrix stands a product of two thin ones, which alone
is learnt. A saying is drawn towards every text that listings of its kind say, and away from all others; listings' own vectors
stay as they are. The steps are Adam's (Kingma and Ba 2015).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from search.meaning.encoder import PARTS, Dense, Layer, MeaningModel, gelu
from search.meaning.vectors import unit

RANK = 16
LAYERS = 3  # the last so many are taught
ROUNDS = 2  # more help the sayings taught, and no others
TEXTS_AT_ONCE = 128
STEP = 1e-3
SHARPNESS = 20.0
HOW_FAR = (
    0.6  # of what was learnt is used: all of it helps directories of services more, but those of places less
)
FAITH = 0.3  # what it costs a saying to leave where the model had it
_WARM_UP = 0.05  # of all steps
_STILL = 0.05  # what is left of a step at the end
_DECAY = 0.01
_LONGEST = 1.0  # of one step's gradients together
_BETAS = (0.9, 0.999)


@dataclass(frozen=True)
class Lesson:
    """asked: n texts, each of the kind with that number. told: unit vectors (m, dimensions) of what listings say, and kinds."""

    asked: Sequence[str]
    asked_kinds: np.ndarray
    told: np.ndarray
    told_kinds: np.ndarray

    def of(self, asked: np.ndarray) -> "Lesson":
        """The lesson of these texts alone (n booleans): what listings of other kinds say is left out too."""
        kinds = self.asked_kinds[asked]
        known = np.isin(self.told_kinds, kinds)
        some = [text for text, kept in zip(self.asked, asked, strict=True) if kept]
        return Lesson(some, kinds, self.told[known], self.told_kinds[known])


def teach(
    model: MeaningModel,
    lesson: Lesson,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    rounds: int = ROUNDS,
) -> dict[str, np.ndarray]:
    """Nudges for `MeaningModel.take_taught`. Takes a quarter of an hour for 20,000 texts.

    Raises ValueError for a model that keeps only the first token.
    """
    if model.pools_first_token:
        raise ValueError("Only models that take the mean of all tokens can be taught.")
    generator = np.random.default_rng(0)
    first = max(len(model.layers) - LAYERS, 0)
    taught = [_TaughtLayer(layer, model, generator) for layer in model.layers[first:]]
    before = model.encode(lesson.asked)
    batches = list(_batches(model, lesson.asked, model.layers[:first]))
    steps = rounds * len(batches)
    parameters = [one for layer in taught for dense in layer.dense.values() for one in dense.parameters]
    adam = _Adam(parameters)
    for done in range(steps):
        if done % len(batches) == 0:
            generator.shuffle(batches)
        rows, states = batches[done % len(batches)]
        vectors, back = forward(taught, states.astype(np.float32))
        pull = _pull(vectors, lesson, lesson.asked_kinds[rows])
        back((pull - np.float32(FAITH) * before[rows]) / np.float32(len(rows)))
        adam.step(_step_length(done, steps))
        progress(done + 1, steps)
    return {
        f"{first + number}.{part}.{name}": parameter.value * np.float32(share)
        for number, layer in enumerate(taught)
        for part, dense in layer.dense.items()
        for name, share, parameter in zip(("down", "up"), (1.0, HOW_FAR), dense.parameters, strict=True)
    }


def share_found(vectors: np.ndarray, kinds: np.ndarray, lesson: Lesson, first: int) -> float:
    """The share of vectors whose kind is among the `first` that are nearest by the middle of what their listings say."""
    every = np.unique(lesson.told_kinds)
    middles = np.array([unit(lesson.told[lesson.told_kinds == kind].mean(axis=0)) for kind in every])
    likeness = vectors @ middles.T
    own = likeness[np.arange(len(kinds)), np.searchsorted(every, kinds)]
    return float(((likeness > own[:, None]).sum(axis=1) < first).mean())


def _batches(
    model: MeaningModel, texts: Sequence[str], untaught: Sequence[Layer]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of texts of one length, and what the layers before make of them: half floats (texts, tokens, dimensions)."""
    tokens = model.tokens_of(texts)
    lengths = np.array([len(ids) for ids in tokens])
    order = np.random.default_rng(0).permutation(len(texts))
    for length in np.unique(lengths):
        same = order[lengths[order] == length]
        for start in range(0, len(same), TEXTS_AT_ONCE):
            rows = same[start : start + TEXTS_AT_ONCE]
            states = model.states([tokens[row] for row in rows], untaught)
            yield rows, states.T.reshape(len(rows), length, -1).astype(np.float16)


def forward(
    layers: Sequence["_TaughtLayer"], states: np.ndarray
) -> tuple[np.ndarray, Callable[[np.ndarray], None]]:
    """Unit vectors (texts, dimensions) of states (texts, tokens, dimensions), and what takes their gradients back."""
    for layer in layers:
        states = layer.forward(states)
    summed = states.sum(axis=1)
    lengths = np.linalg.norm(summed, axis=1, keepdims=True)
    vectors, tokens = summed / lengths, states.shape[1]

    def back(gradients: np.ndarray) -> None:
        along = (gradients * vectors).sum(axis=1, keepdims=True)
        passed = np.repeat(((gradients - along * vectors) / lengths)[:, None], tokens, axis=1)
        for layer in reversed(layers):
            passed = layer.backward(passed)

    return vectors, back


def _pull(vectors: np.ndarray, lesson: Lesson, kinds: np.ndarray) -> np.ndarray:
    """The gradient of how unlikely its own kind's texts are among all, by likeness."""
    likeness = vectors @ lesson.told.T * np.float32(SHARPNESS)
    likeness -= likeness.max(axis=1, keepdims=True)
    among_all = np.exp(likeness)
    own = among_all * (lesson.told_kinds == kinds[:, None])
    share = among_all / among_all.sum(axis=1, keepdims=True) - own / own.sum(axis=1, keepdims=True)
    return np.float32(SHARPNESS) * (share @ lesson.told)


def _step_length(done: int, steps: int) -> float:
    warm = max(1, int(steps * _WARM_UP))
    if done < warm:
        return STEP * (done + 1) / warm
    left = 0.5 * (1 + np.cos(np.pi * (done - warm) / max(1, steps - warm)))
    return STEP * (_STILL + (1 - _STILL) * left)


class _Parameter:
    def __init__(self, value: np.ndarray) -> None:
        self.value = value.astype(np.float32)
        self.gradient = np.zeros_like(self.value)


class _Adam:
    """With weight decay apart from the gradients (Loshchilov and Hutter 2019), and gradients cut at a length."""

    def __init__(self, parameters: Sequence[_Parameter]) -> None:
        self._parameters = parameters
        self._means = [np.zeros_like(one.value) for one in parameters]
        self._squares = [np.zeros_like(one.value) for one in parameters]
        self._done = 0

    def step(self, length: float) -> None:
        self._done += 1
        whole = np.sqrt(sum(float((one.gradient**2).sum()) for one in self._parameters))
        cut = np.float32(min(1.0, _LONGEST / max(whole, 1e-12)))
        first, second = _BETAS
        for one, mean, square in zip(self._parameters, self._means, self._squares, strict=True):
            gradient = one.gradient * cut
            mean += (1 - first) * (gradient - mean)
            square += (1 - second) * (gradient**2 - square)
            towards = mean / (1 - first**self._done) / (np.sqrt(square / (1 - second**self._done)) + 1e-8)
            one.value -= np.float32(length) * (towards + np.float32(_DECAY) * one.value)


class _TaughtDense:
    """A matrix that stays, and the two thin ones that learn. Rows are tokens."""

    def __init__(self, dense: Dense, generator: np.random.Generator) -> None:
        self._matrix, self._bias = dense.matrix, dense.bias[:, 0]
        out, into = dense.matrix.shape
        self._down = _Parameter(generator.normal(0, into**-0.5, (RANK, into)))
        self._up = _Parameter(np.zeros((out, RANK)))
        self.parameters = (self._down, self._up)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._x, self._low = x, x @ self._down.value.T
        return x @ self._matrix.T + self._bias + self._low @ self._up.value.T

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        low = gradient @ self._up.value
        self._up.gradient = gradient.T @ self._low
        self._down.gradient = low.T @ self._x
        return gradient @ self._matrix + low @ self._down.value


class _Norm:
    def __init__(self, weights: tuple[np.ndarray, np.ndarray], epsilon: np.float32) -> None:
        self._scale, self._shift, self._epsilon = weights[0][:, 0], weights[1][:, 0], epsilon

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = x - x.mean(axis=1, keepdims=True)
        self._narrow = 1 / np.sqrt((x * x).mean(axis=1, keepdims=True) + self._epsilon)
        self._even = x * self._narrow
        return self._even * self._scale + self._shift

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        gradient = gradient * self._scale
        along = (gradient * self._even).mean(axis=1, keepdims=True)
        return self._narrow * (gradient - gradient.mean(axis=1, keepdims=True) - self._even * along)


class _TaughtLayer:
    """`encoder.Layer`, forward with what is needed to go backward."""

    def __init__(self, layer: Layer, model: MeaningModel, generator: np.random.Generator) -> None:
        self.dense = {part: _TaughtDense(getattr(layer, part), generator) for part in PARTS}
        self._attention_norm = _Norm(layer.attention_norm, model.epsilon)
        self._output_norm = _Norm(layer.output_norm, model.epsilon)
        self._heads = model.heads

    def forward(self, states: np.ndarray) -> np.ndarray:
        """states: (texts, tokens, dimensions)."""
        self._shape = states.shape
        flat = states.reshape(-1, states.shape[2])
        q, k, v = (self._apart(self.dense[part].forward(flat)) for part in ("query", "key", "value"))
        self._softened = np.float32(q.shape[3] ** -0.5)
        weights = q @ k.swapaxes(2, 3) * self._softened
        weights = np.exp(weights - weights.max(axis=3, keepdims=True))
        weights /= weights.sum(axis=3, keepdims=True)
        self._q, self._k, self._v, self._weights = q, k, v, weights
        joined = self.dense["joined"].forward(self._together(weights @ v))
        attended = self._attention_norm.forward(flat + joined)
        self._wide = self.dense["widened"].forward(attended)
        bent = self._wide.copy()
        gelu(bent.reshape(-1))
        self._bent = bent
        output = self._output_norm.forward(attended + self.dense["narrowed"].forward(bent))
        return output.reshape(self._shape)

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """Keeps the gradients of its parameters, and gives that of the states."""
        gradient = self._output_norm.backward(gradient.reshape(-1, self._shape[2]))
        wide = self.dense["narrowed"].backward(gradient) * _gelu_slope(self._wide, self._bent)
        gradient = self._attention_norm.backward(gradient + self.dense["widened"].backward(wide))
        context = self._apart(self.dense["joined"].backward(gradient))
        by_value = self._weights.swapaxes(2, 3) @ context
        scores = context @ self._v.swapaxes(2, 3)
        scores = self._weights * (scores - (scores * self._weights).sum(axis=3, keepdims=True))
        scores *= self._softened
        for part, own in (
            ("query", scores @ self._k),
            ("key", scores.swapaxes(2, 3) @ self._q),
            ("value", by_value),
        ):
            gradient = gradient + self.dense[part].backward(self._together(own))
        return gradient.reshape(self._shape)

    def _apart(self, flat: np.ndarray) -> np.ndarray:
        texts, tokens, dimensions = self._shape
        return flat.reshape(texts, tokens, self._heads, dimensions // self._heads).transpose(0, 2, 1, 3)

    def _together(self, apart: np.ndarray) -> np.ndarray:
        return apart.transpose(0, 2, 1, 3).reshape(-1, self._shape[2])


def _gelu_slope(x: np.ndarray, bent: np.ndarray) -> np.ndarray:
    """The slope of x·Φ(x), which is Φ(x) + x·φ(x). bent: x·Φ(x)."""
    below = np.where(
        np.abs(x) > 1e-3, bent / np.where(x == 0, 1, x), 0.5 + x / np.float32(np.sqrt(2 * np.pi))
    )
    return below + x * np.exp(-0.5 * x * x) / np.float32(np.sqrt(2 * np.pi))
