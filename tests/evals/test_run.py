"""Runs: systems side by side, the JSON's shape, going on after a kill, and the exported rankings."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import pytrec_eval

from clew.errors import ClewError, UsageError
from evals.corpus import Corpus
from evals.journal import Journal
from evals.report import html
from evals.result import Result, read_result
from evals.run import recorded_settings
from evals.trec import write_runs
from tests.evals.standin import StandIn, towns


def test_the_json_has_the_keys_that_scripts_hold_on_to(measured: Callable[..., Result]) -> None:
    body = json.loads(measured().to_json())
    assert next(iter(body)) == "schema"
    assert body["schema"] == "clew.eval/1"
    assert {"suite", "corpus_sha256", "commit", "settings", "k", "n", "systems", "differences", "cases"} <= set(body)
    assert list(body["systems"]) == ["passages", "graph", "routed", "oracle"]
    passages = body["systems"]["passages"]
    assert {"mean", "ci"} <= set(passages["metrics"]["recall@5"])
    assert {"all_gold@8", "recall@2", "mrr@10", "ndcg@10"} <= set(passages["metrics"])
    assert set(passages["ms"]["retrieve"]) == {"p50", "p95"}
    assert {"tokens_in", "tokens_out", "usd"} <= set(passages["usage"])
    assert set(body["differences"][0]) >= {"a", "b", "metric", "delta", "ci"}
    case = body["cases"][0]
    assert {"id", "system", "route", "ranked", "metrics", "answer", "failure"} <= set(case)
    assert {"document", "chunk", "score"} <= set(case["ranked"][0])
    assert len(body["cases"]) == 4 * body["n"] == 4 * 14


def test_the_figures_agree_with_trec_eval_on_the_exported_runs(measured: Callable[..., Result], tmp_path: Path) -> None:
    result = measured()
    files = write_runs(result, tmp_path / "runs")
    assert {file.name for file in files} >= {"passages.trec", "oracle.trec", "gold.qrels"}
    qrels: dict[str, dict[str, int]] = {}
    for line in (tmp_path / "runs" / "gold.qrels").read_text("utf-8").splitlines():
        query, _, document, grade = line.split()
        qrels.setdefault(query, {})[document] = int(grade)
    assert set(qrels) == {f"q{n}" for n in range(12)}
    names = {"recall_2": "recall@2", "recall_5": "recall@5", "ndcg_cut_10": "ndcg@10", "recip_rank": "mrr@10"}
    judge = pytrec_eval.RelevanceEvaluator(qrels, {"recall.2,5", "ndcg_cut.10", "recip_rank"})
    for system in ("passages", "graph", "routed", "oracle"):
        run: dict[str, dict[str, float]] = {}
        for line in (tmp_path / "runs" / f"{system}.trec").read_text("utf-8").splitlines():
            query, q0, document, rank, score, tag = line.split()
            assert (q0, tag) == ("Q0", system)
            run.setdefault(query, {})[document] = float(score)
            assert len(run[query]) == int(rank)
        theirs = judge.evaluate(run)
        for theirs_name, ours in names.items():
            values = [theirs.get(query, {}).get(theirs_name, 0.0) for query in qrels]
            assert result.systems[system].metrics[ours].mean == pytest.approx(sum(values) / len(values)), ours
        every = [set(gold) <= set(sorted(run.get(q, {}), key=lambda d: -run[q][d])[:5]) for q, gold in qrels.items()]
        assert result.systems[system].metrics["all_gold@5"].mean == pytest.approx(sum(every) / len(every))


def test_the_oracle_is_no_worse_than_any_path(measured: Callable[..., Result]) -> None:
    systems = measured().systems
    for metric in ("recall@2", "all_gold@2", "all_gold@10"):
        for path in ("passages", "graph"):
            assert systems["oracle"].metrics[metric].mean >= systems[path].metrics[metric].mean


def test_differences_are_b_minus_a_and_paired(measured: Callable[..., Result]) -> None:
    result = measured()
    for row in result.differences:
        both = [
            (result.of(row.a)[case].metrics[row.metric], result.of(row.b)[case].metrics[row.metric])
            for case in result.of(row.a)
            if row.metric in result.of(row.a)[case].metrics and row.metric in result.of(row.b)[case].metrics
        ]
        assert row.delta == pytest.approx(sum(b - a for a, b in both) / len(both))
        assert row.detectable == ((row.ci[0] > 0 or row.ci[1] < 0) and row.p < 0.05)


def test_a_missing_path_is_left_out_unless_it_was_asked_for(measured: Callable[..., Result], corpus: Corpus) -> None:
    result = measured(StandIn(corpus, paths=("passages",)))
    assert list(result.systems) == ["passages", "routed", "oracle"]
    assert set(result.left_out) == {"graph", "both"}
    assert "passages" in result.left_out["graph"]
    with pytest.raises(UsageError, match="graph"):
        measured(StandIn(corpus, paths=("passages",)), systems=("graph",))
    with pytest.raises(UsageError, match="magic"):
        measured(systems=("magic",))
    with pytest.raises(UsageError, match="oracle"):
        measured(systems=("routed", "oracle"))


def test_retrieval_alone_asks_for_no_answer(measured: Callable[..., Result]) -> None:
    result = measured(answers=False, limit=3, systems=("passages",))
    assert result.n == 3
    assert all(case.answer is None for case in result.cases)
    assert "f1" not in result.systems["passages"].metrics


def test_a_kill_loses_no_finished_case(measured: Callable[..., Result], corpus: Corpus, tmp_path: Path) -> None:
    whole = measured(journal="whole")
    killed = StandIn(corpus, stop_after=21)  # one of them warms up
    with pytest.raises(KeyboardInterrupt):
        measured(killed)
    with (tmp_path / "j.jsonl").open("ab") as file:
        file.write(b'{"key": "half a li')
    rest = StandIn(corpus)
    resumed = measured(rest)
    assert rest.asked == 1 + 3 * 14 - 20
    assert [c.model_copy(update={"ms": {}}) for c in resumed.cases] == [
        c.model_copy(update={"ms": {}}) for c in whole.cases
    ]
    none = StandIn(corpus)
    measured(none)
    assert none.asked == 0
    measured(none, fresh=True)
    assert none.asked == 1 + 3 * 14


def test_another_wording_is_another_case(tmp_path: Path, measured: Callable[..., Result]) -> None:
    measured()
    journal = Journal(tmp_path / "j.jsonl")
    case = towns().cases[0]
    assert journal.get(case, "passages") is not None
    assert journal.get(case.model_copy(update={"question": "When?"}), "passages") is None
    assert journal.get(case.model_copy(update={"gold_facts": ("x",)}), "passages") is None


def test_a_result_is_read_back_as_it_was_written(measured: Callable[..., Result], tmp_path: Path) -> None:
    result = measured()
    file = tmp_path / "result.json"
    file.write_text(result.to_json(), "utf-8")
    assert read_result(file) == result
    file.write_text('{"schema": "clew.ask/1"}', "utf-8")
    with pytest.raises(ClewError, match="no result"):
        read_result(file)
    with pytest.raises(ClewError, match="no result"):
        read_result(tmp_path / "nothing.json")


def test_unanswerable_and_rankless_cases_count_where_they_should(measured: Callable[..., Result]) -> None:
    result = measured(systems=("passages",))
    metrics = result.systems["passages"].metrics
    assert metrics["recall@5"].n == 12
    assert metrics["abstained_when_unanswerable"].n == 1
    assert metrics["abstained_when_unanswerable"].mean == 1.0
    assert result.of("passages")["hello"].metrics.keys() <= {
        "abstained_when_answerable",
        "exact_match",
        "f1",
        "answer_recall",
        "answer_contained",
        "supported",
    }


def test_the_page_stands_alone_and_escapes_what_documents_say(measured: Callable[..., Result]) -> None:
    result = measured()
    case = result.cases[0].model_copy(update={"failure": "not extracted", "reason": "<script>alert(1)</script>"})
    page = html(result.model_copy(update={"cases": (case, *result.cases[1:])}))
    assert page.count("<svg") >= 5
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'src="' not in page
    assert "@import" not in page
    assert html(result) == html(result)


def test_a_page_is_drawn_for_a_single_question_too(measured: Callable[..., Result]) -> None:
    assert "<svg" in html(measured(limit=1, systems=("passages",)))


def test_no_key_is_recorded() -> None:
    from clew.settings import Settings

    recorded = recorded_settings(Settings(llm_api_key="secret", neo4j_password="secret"))  # type: ignore[arg-type]
    assert "secret" not in json.dumps(recorded)
    assert "llm_api_key" not in recorded
    assert recorded["embedder"] == "minilm"
