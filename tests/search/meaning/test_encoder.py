import hashlib
import json
import math

import numpy as np
import pytest

from search.meaning import encoder
from search.meaning.encoder import MeaningModel, UnusableModelError, gelu, map_weights

from .reference import reference_vectors

KNOWN_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TEXTS = [
    "warm room",
    "Tea and talk, and walk.",
    "",
    "cold",
    "a warm room and tea and talk and a walk and a cold room",
    "talk warm",
]
EVERYDAY = [
    "somewhere warm to sit",
    "Drop in for tea and a chat.",
    "My husband died and I do not know who to talk to",
    "Café für Ältere – naïve façade ☕",
    "We help with benefit forms, debts and letters. " * 3,
]


def test_the_installed_weights_are_the_known_ones(minilm_folder):
    with (minilm_folder / "model.safetensors").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == KNOWN_WEIGHTS


def test_agrees_with_an_independent_forward_pass(minilm, minilm_folder):
    vectors = minilm.encode(EVERYDAY)
    cosines = (vectors * reference_vectors(minilm_folder, EVERYDAY)).sum(axis=1)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(EVERYDAY), 384)
    assert cosines.min() > 0.99999


@pytest.mark.parametrize(
    "kind",
    [{}, {"pooling": "cls_token"}, {"prefix": "bert."}, {"num_attention_heads": 2}, {"num_hidden_layers": 1}],
    ids=str,
)
def test_any_bert_of_this_layout_agrees_too(make_tiny, kind):
    folder = make_tiny(**kind)
    vectors = MeaningModel(folder).encode(TEXTS)
    np.testing.assert_allclose(vectors, reference_vectors(folder, TEXTS), atol=2e-6)


def test_half_precision_weights_are_read(make_tiny):
    folder = make_tiny(dtype=np.float16)
    vectors = MeaningModel(folder).encode(TEXTS)
    np.testing.assert_allclose(vectors, reference_vectors(folder, TEXTS), atol=2e-6)


@pytest.mark.parametrize(
    ("query", "nearer", "farther"),
    [
        ("my husband died", "Support for people who are bereaved", "Sunday league football"),
        ("somewhere warm to sit", "Our cosy café is open to all in winter", "Free legal advice"),
        ("help filling in a form", "We help with forms and letters", "Choir rehearsals on Monday nights"),
        ("someone to talk to", "A listening ear for anyone who is lonely", "Repairs for bicycles"),
        ("look after mum with dementia", "A break for family carers", "Coding club for teenagers"),
    ],
)
def test_what_means_the_same_is_nearer(minilm, query, nearer, farther):
    vectors = minilm.encode([query, nearer, farther])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_rows_come_in_the_order_given_and_do_not_depend_on_the_batch(make_tiny, monkeypatch):
    monkeypatch.setattr(encoder, "BATCH_TOKENS", 16)
    model = MeaningModel(make_tiny())
    together = model.encode(TEXTS)
    alone = np.concatenate([model.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows(make_tiny):
    assert MeaningModel(make_tiny()).encode([]).shape == (0, 64)


def test_only_the_first_tokens_count(minilm):
    words = "tea " * 126
    long, longer, shorter = minilm.encode([words, words + "football " * 50, "tea " * 100 + "football"])
    assert long @ longer == pytest.approx(1, abs=1e-6)
    assert long @ shorter < 0.999


def test_a_shorter_limit_of_the_model_holds(make_tiny):
    folder = make_tiny(max_position_embeddings=4)
    long, longer = MeaningModel(folder).encode(["warm room", "warm room and tea and talk"])
    np.testing.assert_allclose(long, longer, atol=1e-6)


def test_gelu_is_exact_enough():
    x = np.linspace(-12, 12, 50_001, dtype=np.float32)
    exact = [value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in x.astype(np.float64)]
    result = x.copy()
    gelu(result)
    assert np.abs(result - exact).max() < 1e-6


def test_weights_stay_in_the_file(make_tiny):
    tensors = map_weights(make_tiny() / "model.safetensors")
    for tensor in tensors.values():
        assert not tensor.flags.writeable
        assert not tensor.flags.owndata


def test_name_tells_models_apart(make_tiny):
    first, same, other = make_tiny("a"), make_tiny("b"), make_tiny("c", layer_norm_eps=1e-6)
    assert MeaningModel(first).name == MeaningModel(same).name != MeaningModel(other).name


@pytest.mark.parametrize(
    "broken",
    [{"model_type": "t5"}, {"hidden_act": "relu"}, {"pooling": "max_tokens"}, {"num_hidden_layers": 3},
     {"position_embedding_type": "relative_key"}],
    ids=str,
)  # fmt: skip
def test_a_model_it_cannot_run_is_refused(make_tiny, broken):
    with pytest.raises(UnusableModelError):
        MeaningModel(make_tiny(**broken))


@pytest.mark.parametrize(
    "file", ["config.json", "model.safetensors", "tokenizer.json", "1_Pooling/config.json"]
)
@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_a_damaged_folder_is_refused(make_tiny, file, damage):
    folder = make_tiny()
    path = folder / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(UnusableModelError):
        MeaningModel(folder)


def test_a_number_type_it_does_not_know_is_refused(make_tiny):
    path = make_tiny() / "model.safetensors"
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"F32"', b'"F99"'))
    with pytest.raises(UnusableModelError, match="F99"):
        MeaningModel(path.parent)


def test_settings_that_lack_a_field_are_refused(make_tiny):
    path = make_tiny() / "config.json"
    config = json.loads(path.read_text())
    del config["hidden_size"]
    path.write_text(json.dumps(config))
    with pytest.raises(UnusableModelError, match="hidden_size"):
        MeaningModel(path.parent)
