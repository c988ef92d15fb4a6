"""What an observation is worth: one number a metric and case, in [0, 1].

A metric that says nothing of a case is left out of it: rankings of questions without gold documents, answers that
were not asked for. Rankings are of distinct documents, each where its first chunk stands.
"""

from collections.abc import Iterable, Mapping, Sequence

from evals.cases import Case
from evals.observe import Observation, Said
from evals.text import contains, exact_match, f1, plain, token_recall, words

LOWER_IS_BETTER = frozenset({"abstained_when_answerable"})
DEEP = 10  # where MRR and nDCG stop


def documents(observation: Observation) -> list[str]:
    """The distinct documents of the ranking, best first."""
    return list(dict.fromkeys(seen.document for seen in observation.ranked))


def score(
    cases: Mapping[str, Case], observations: Sequence[Observation], ks: Sequence[int]
) -> dict[str, dict[str, float]]:
    """By case id, every metric that applies. The observations are those of one system."""
    scores: dict[str, dict[str, float]] = {observation.case: {} for observation in observations}
    for case_id, name, value in _ranking_measures(cases, observations, ks):
        scores[case_id][name] = value
    for observation in observations:
        case = cases[observation.case]
        own = scores[case.id]
        if case.ranked:
            found = documents(observation)
            for k in ks:
                own[f"all_gold@{k}"] = float(set(case.gold_documents) <= set(found[:k]))
                if case.gold_facts:
                    own[f"fact_recall@{k}"] = _fact_recall(case, observation, k)
        if observation.system == "routed" and case.path is not None:
            own["route_right"] = float(observation.route.path == case.path)
        if observation.answer is not None:
            own.update(_answer(case, observation.answer))
    return scores


def _ranking_measures(
    cases: Mapping[str, Case], observations: Sequence[Observation], ks: Sequence[int]
) -> Iterable[tuple[str, str, float]]:
    """Recall, MRR and nDCG by ir-measures. Scores fall with the rank, for trec_eval reorders ties."""
    import ir_measures

    asked = [observation for observation in observations if cases[observation.case].ranked]
    if not asked:
        return
    qrels = [ir_measures.Qrel(o.case, gold, 1) for o in asked for gold in cases[o.case].gold_documents]
    run = [ir_measures.ScoredDoc(o.case, doc, -float(rank)) for o in asked for rank, doc in enumerate(documents(o))]
    names = {ir_measures.RR @ DEEP: f"mrr@{DEEP}", ir_measures.nDCG @ DEEP: f"ndcg@{DEEP}"}
    names |= {ir_measures.R @ k: f"recall@{k}" for k in ks}
    for row in ir_measures.iter_calc(list(names), qrels, run):
        yield row.query_id, names[row.measure], float(row.value)


def _fact_recall(case: Case, observation: Observation, k: int) -> float:
    """The share of the gold facts whose words stand in a chunk of the first ``k`` documents."""
    first = set(documents(observation)[:k])
    held = {n for seen in observation.ranked if seen.document in first for n in seen.holds}
    return len(held) / len(case.gold_facts)


def _answer(case: Case, said: Said) -> dict[str, float]:
    abstained = said.finish == "abstained"
    if not case.answerable:
        return {"abstained_when_unanswerable": float(abstained)}
    own = {"abstained_when_answerable": float(abstained)}
    if case.references:
        text = plain(said.text)
        own["exact_match"] = exact_match(text, case.references)
        own["f1"] = f1(text, case.references)
        own["answer_recall"] = token_recall(text, case.references)
        own["answer_contained"] = float(any(contains(text, reference) for reference in case.references))
    if said.sentences:
        own["supported"] = 1 - said.unsupported / said.sentences
    if case.gold_documents:
        own.update(_citations(case, said))
    return own


def _citations(case: Case, said: Said) -> dict[str, float]:
    """Precision and recall of what is cited: by document, and by gold fact where the case has any."""
    cited = {quote.document for quote in said.quotes}
    own = {"citation_recall": len(cited & set(case.gold_documents)) / len(case.gold_documents)}
    if said.quotes:
        own["citation_precision"] = sum(q.document in case.gold_documents for q in said.quotes) / len(said.quotes)
    if case.gold_facts:
        hits = [[_states(quote.quote, fact) for fact in case.gold_facts] for quote in said.quotes]
        own["fact_citation_recall"] = sum(map(any, zip(*hits, strict=True))) / len(case.gold_facts) if hits else 0.0
        if hits:
            own["fact_citation_precision"] = sum(map(any, hits)) / len(hits)
    return own


def _states(quote: str, fact: str) -> bool:
    """Whether a quote gives a fact: it holds the fact's words, or is a stretch of four or more of them."""
    return contains(quote, fact) or (len(words(quote)) >= 4 and contains(fact, quote))
