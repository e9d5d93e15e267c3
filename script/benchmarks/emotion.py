"""Measure the classifier of feelings on its labelled sentences: macro-F1 and confusion table a language."""

import json
from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pure_parts

pure_parts.load()

from waifu_rt3d.stage.feeling import feel  # type: ignore[import-not-found]  # noqa: E402 - made above

_SENTENCES = Path(__file__).resolve().parents[2] / "tests" / "component" / "stage"
_LABELS = ("happy", "sad", "angry", "surprised", "relaxed", "neutral")
_GATES = {"en": 0.6, "de": 0.5}
type Table = dict[str, dict[str, int]]


def confusion(language: str) -> Table:
    """Return how often a label was told as which."""
    labelled = json.loads((_SENTENCES / f"emotion_{language}.json").read_text())
    table = {label: dict.fromkeys(_LABELS, 0) for label in _LABELS}
    for label, sentences in labelled.items():
        for sentence in sentences:
            table[label][feel(sentence, language).name] += 1
    return table


def macro_f1(table: Table) -> float:
    """Return the mean of the labels' F1."""
    return sum(_f1(table, label) for label in _LABELS) / len(_LABELS)


def _f1(table: Table, label: str) -> float:
    """Return the F1 of a label."""
    hits = table[label][label]
    told = sum(row[label] for row in table.values())
    there = sum(table[label].values())
    return 2 * hits / (told + there)


def main() -> int:
    """Print the tables; the last line is JSON."""
    scores = {}
    for language in _GATES:
        table = confusion(language)
        scores[f"emotion_f1_{language}"] = round(macro_f1(table), 3)
        print(f"{language:<10} " + " ".join(f"{label:>9}" for label in _LABELS))
        for label in _LABELS:
            print(f"{label:<10} " + " ".join(f"{table[label][told]:>9}" for told in _LABELS))
    print(json.dumps(scores))
    return 0 if all(scores[f"emotion_f1_{lang}"] >= gate for lang, gate in _GATES.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
