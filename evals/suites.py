"""Every suite by its name, by the folder that holds it, or as FORMAT:PATH."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from clew.errors import ClewError, UsageError
from evals.cases import read_cases
from evals.loaders import beir, crag, fastgraphrag, graphragbench, hotpot, ircot, lihua, multihoprag, musique, squad
from evals.loaders.reading import need
from evals.suite import Suite

EXAMPLES = Path(__file__).parent.parent / "examples"

WIKI = "2wiki_hipporag_corpus_101q"
MUSIQUE = "musique_train100_hipporag"
OPENIE = "openie_musique_train_results_ner_gpt-3.5-turbo-1106_1890.json"


def _wiki(data: Path, name: str, first: int | None) -> Suite:
    home = data / WIKI
    questions = home / "results" / "vdb" / "2wikimultihopqa_101.json"
    return fastgraphrag.load(questions, home / "2wikimultihopqa_corpus.json", name, first=first)


def _musique(data: Path, name: str, openie: str | None = None) -> Suite:
    home = data / MUSIQUE
    return musique.load(
        home / "musique_train.json",
        name,
        corpus=need(home / "musique_train_corpus.json", "MuSiQue's corpus"),
        openie=home / openie if openie else None,
    )


def _hotpot(data: Path, name: str) -> Suite:
    home = data / "hotpot_train100_hipporag"
    corpus = need(home / "hotpotqa_train_corpus.json", "HotpotQA's corpus")
    return hotpot.load(home / "hotpotqa_train.json", name, corpus=corpus)


# Each reads the folder that --data names.
NAMED: dict[str, Callable[[Path, str], Suite]] = {
    "2wiki-780": lambda data, name: _wiki(data, name, 780),
    "2wiki-6119": lambda data, name: _wiki(data, name, None),
    "musique-train100": _musique,
    "musique-train100-gpt35": lambda data, name: _musique(data, name, OPENIE),
    "hotpotqa-train100": _hotpot,
    "lihua-world": lambda data, name: lihua.load(data / "lihua_world", name),
    "cmrc2018-trial": lambda data, name: squad.load(data / "cmrc2018_zh_trial" / "cmrc2018_trial.json", name),
}

FORMATS: dict[str, Callable[[Path], Suite]] = {
    "beir": beir.load,
    "hotpotqa": hotpot.load,
    "2wiki": hotpot.load,
    "musique": musique.load,
    "ircot": ircot.load,
    "multihop-rag": multihoprag.load,
    "lihua": lihua.load,
    "crag": crag.load,
    "graphrag-bench-medical": graphragbench.load,
    "graphrag-bench-novel": lambda path: graphragbench.load(path, "novel"),
    "squad": squad.load,
}


def load_suite(suite: str, data: Path | None = None) -> Suite:
    """The suite that ``suite`` means: a name, a folder in BEIR layout, a cases.jsonl, or FORMAT:PATH.

    Raises ClewError where a file is missing or not as its format says, UsageError where no suite has that name.
    """
    try:
        return _suite(suite, data)
    except ValidationError as bad:  # a row of the right shape that makes no case
        first = bad.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ClewError(
            f"A row of {suite} makes no case: {where}: {first['msg']}, got {first['input']!r}.", "Correct it."
        ) from bad


def _suite(suite: str, data: Path | None) -> Suite:
    if suite == "sample":
        return sample()
    if suite in NAMED:
        if data is None:
            raise UsageError(f"The suite {suite} needs the folder of data sets.", "Add --data DIR (or set CLEW_DATA).")
        return NAMED[suite](need(data, "The folder of data sets"), suite).check()
    layout, colon, rest = suite.partition(":")
    if colon and layout in FORMATS:
        return FORMATS[layout](need(Path(rest), f"The data of {suite}")).check()
    path = Path(suite)
    if path.is_dir() and beir.is_beir(path):
        return beir.load(path).check()
    if path.suffix == ".jsonl" and path.is_file():
        return own(path)
    raise UsageError(
        f"{suite!r} is no suite: neither a name, nor a folder with corpus.jsonl, queries.jsonl and qrels/, "
        "nor a cases.jsonl.",
        f"Names: sample, {', '.join(NAMED)}. Other data sets as FORMAT:PATH with {', '.join(FORMATS)}.",
    )


def sample() -> Suite:
    """The built-in suite: the sample folder, or the ten documents of the first example."""
    for name in ("harbour", "first"):
        cases = EXAMPLES / f"{name}.cases.jsonl"
        if cases.is_file() and (EXAMPLES / name).is_dir():
            return Suite(name="sample", cases=read_cases(cases), folder=EXAMPLES / name).check()
    raise ClewError(f"The sample folder is not at {EXAMPLES}.", "Run from a checkout of Clew, or name another suite.")


def own(cases: Path) -> Suite:
    """Cases over a folder of one's own: ``NAME.cases.jsonl`` lies beside the folder NAME, or ``cases.jsonl`` beside
    ``documents``. The cases never lie inside: they would be found as documents."""
    name = cases.name.removesuffix(".jsonl").removesuffix(".cases")
    folder = cases.parent / ("documents" if name == "cases" else name)
    if not folder.is_dir():
        raise ClewError(
            f"The documents for {cases} are not at {folder}.",
            "Put NAME.cases.jsonl beside the folder NAME, or cases.jsonl beside a folder 'documents'.",
        )
    suite_name = cases.parent.resolve().name if name == "cases" else name
    return Suite(name=suite_name, cases=read_cases(cases), folder=folder).check()
