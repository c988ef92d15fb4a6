"""The packaged router."""

import subprocess
import sys

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from retrieve.route import Judgement, Router
from retrieve.router.reading import english, read


@pytest.fixture(scope="module")
def router(minilm: MiniLM) -> Router:
    return Router([minilm])


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("thanks, that was all for today", "direct"),
        ("What is the opening time of the Marsh Road depot?", "passages"),
        ("Who succeeded the woman that founded the Ferndale choir, and where was she born?", "graph"),
        ("What are the main themes running through all of these minutes?", "global"),
        ("谢谢，辛苦了", "direct"),
        ("食堂几点开门", "passages"),
        ("创办望江书院的人，他的老师是谁", "graph"),
        ("这些会议纪要总体上反映了哪些主要问题", "global"),
    ],
)
def test_plain_questions_go_the_way_a_person_would_send_them(router: Router, question: str, path: str) -> None:
    assert router.judge(read(question)).best == path


def test_a_sum_is_marked_compute_and_the_newest_state_fresh(router: Router) -> None:
    assert router.route("what is 17% of 2,400").compute
    assert router.route("Who is the current chair of the harbour board?").fresh
    assert not router.route("Who wrote the preface?").compute


def test_an_unsure_path_gives_way_to_both() -> None:
    unsure = Judgement({"direct": 0.1, "global": 0.2, "graph": 0.3, "passages": 0.4}, 0.9, 0.1)
    route = unsure.route()
    assert (route.path, route.decided_by, route.confidence, route.compute) == ("both", "fallback", 0.4, True)
    assert unsure.route({"passages": 0.4}).path == "passages"


def test_passages_alone_must_be_surer_than_a_walk() -> None:
    for path in ("passages", "graph"):
        fairly = Judgement({"direct": 0.0, "global": 0.0, "graph": 0.2, "passages": 0.2} | {path: 0.8}, 0.1, 0.1)
        assert fairly.route().path == ("graph" if path == "graph" else "both")


@pytest.mark.parametrize("question", ["Kittiwake", "xyzzy", "1/0", "10!"])
def test_a_bare_name_or_what_is_no_sum_is_looked_up(router: Router, question: str) -> None:
    assert router.judge(read(question)).best == "direct"
    assert (router.route(question).path, router.route(question).decided_by) == ("both", "fallback")


@pytest.mark.parametrize("question", ["hello", "Hola", "thx", "ok", "good morning", "1.08^10", "(45+55)*3", "🙂", "嗨"])
def test_greetings_and_sums_are_answered_directly_however_short(router: Router, question: str) -> None:
    assert router.route(question).path == "direct"


def test_the_user_overrules_the_model(router: Router) -> None:
    route = router.route("食堂几点开门", path="graph")
    assert (route.path, route.decided_by) == ("graph", "user")


def test_what_the_caller_has_is_not_made_again(router: Router, minilm: MiniLM) -> None:
    question = "Which of the two ferries is older?"
    given = Router().route(
        question, doc=english()(question), vectors=minilm.embed_query(question), embedder=minilm.name
    )
    assert given == router.route(question)


def test_an_empty_question_is_decided_too(router: Router) -> None:
    for question in ("", "   ", "?", "\n", "🙂", "1" * 400, "¿qué hora es?"):
        judged = router.judge(read(question))
        assert np.isclose(sum(judged.paths.values()), 1)


def test_answering_needs_no_scikit_learn() -> None:
    code = (
        "import sys; from retrieve.route import Router; Router().route('who is the chair of the board?');"
        "assert not {m.split('.')[0] for m in sys.modules} & {'sklearn', 'skops', 'scipy', 'pandas'}, 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "question", ["Can you tell me the birthday of the old harbour master?", "do you know who built the pier?"]
)
def test_asking_politely_is_no_small_talk(router: Router, question: str) -> None:
    assert router.judge(read(question)).best == "passages"
