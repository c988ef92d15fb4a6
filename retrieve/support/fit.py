"""Fit the weights of coverage: python -m retrieve.support.fit tests/corpus/citations.jsonl

True paraphrases against sentences about another source, the file's own and each paraphrase with the next source of its
language. Cross-validated with all pairs of a source in one fold, so that no source is judged by weights that saw it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from clew.ports import Embedder
from retrieve.support.score import Checker
from retrieve.support.words import narrow

LEANING = 0.3  # the probability that becomes a score of a half: the veto of what differs is another's work


def fit(pairs: list[dict[str, Any]], embedder: Embedder, language: str) -> dict[str, Any]:
    """Weights with offset, and the shares judged right in five folds by source."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    checker = Checker(embedder)
    chosen = [p for p in pairs if p["lang"] == language and p["kind"] in ("paraphrase", "other-source")]
    rows = [(p["sentence"], p["source"], p["supported"]) for p in chosen]
    sources = list(dict.fromkeys(p["source"] for p in chosen))
    after = dict(zip(sources, sources[1:] + sources[:1], strict=True))
    rows += [(s, after[source], False) for s, source, supported in rows if supported]
    x = np.array([checker.features(narrow(s), narrow(source)) for s, source, _ in rows])
    y = np.array([supported for _, _, supported in rows])
    model = LogisticRegression(C=10, class_weight="balanced")
    groups = [source for _, source, _ in rows]
    folds = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
    model.fit(x, y)
    offset = float(model.intercept_[0]) - float(np.log(LEANING / (1 - LEANING)))
    return {
        "weights": [round(float(w), 1) for w in model.coef_[0]],
        "offset": round(offset, 1),
        "accepted": round(float((folds[y] >= LEANING).mean()), 3),
        "refused": round(float((folds[~y] < LEANING).mean()), 3),
        "pairs": len(y),
    }


def main() -> None:
    """Print what each language's fit gives."""
    from clew.models.minilm import MiniLM

    pairs = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    for language in ("en", "zh"):
        sys.stdout.write(f"{language} {json.dumps(fit(pairs, MiniLM(threads=1), language))}\n")


if __name__ == "__main__":
    main()
