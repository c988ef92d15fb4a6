"""Questions about the whole folder, asked of the assistant that people use."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from clew.ids import document_id
from clew.models.llm import Model
from clew.models.scripted import Scripted
from clew.ports import Floats
from clew.records import Answer, Scope
from clew.settings import Settings
from retrieve import survey
from retrieve.asking import asks_for_all
from retrieve.assembly import Index, open_index
from retrieve.assistant import Assistant
from retrieve.history import History
from retrieve.overview import Overview
from retrieve.reports import Reports, Shelf
from retrieve.route import Router
from retrieve.support import Checker
from retrieve.write import Writer

FOLDER = {
    "minutes/2023-04.md": "# Board meeting, April 2023\n\nThe board met at Coal Quay. Captain Ingrid Falk reported "
    "that the lift of the Marigold was out of order for nine days. The treasurer read the accounts.",
    "minutes/2024-04.md": "# Board meeting, April 2024\n\nThe board met at Coal Quay. Captain Ingrid Falk asked for a "
    "new ramp for wheelchair users. The board agreed to pay for it.",
    "minutes/2025-04.md": "# Board meeting, April 2025\n\nThe board met at Coal Quay. The new ramp was opened by "
    "Ingrid Falk in March. Wheelchair users find it too steep.",
    "letters/hale.txt": "Dear Captain Falk, I use a wheelchair and could not board the ferry on Friday. The lift "
    "was broken again. Yours, Sunniva Hale",
    "letters/oven.txt": "Dear Sir, the bakery on Hill Street would like to order forty kilos of flour and ten of "
    "sugar. Yours, Bertil Quist",
    "contracts/lift.md": "# Contract for a lift\n\nThe yard delivers one lift for wheelchairs by 1 May 2024. The price "
    "is 210,000 crowns. The warranty ends on 1 May 2026.",
    "contracts/fuel.md": "# Contract for fuel\n\nThe supplier delivers marine fuel twice a month. The contract ends on "
    "31 December 2025. Late deliveries cost a penalty.",
    "zh/记录.txt": "福尔克船长今天来到船厂，检查了电梯和轮椅坡道。她认为坡道太陡，要求修改。工人们表示同意。",
    "zh/食堂.txt": "食堂通知：今天中午供应鱼汤和米饭，晚上供应面条。请大家排队，不要浪费粮食。",
    "town/guide.md": "# A guide to the town\n\nThe market is held on Fridays. The old lime tree stands in front of the "
    "school. Cinnamon buns are sold at the bakery on Hill Street.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    home = tmp_path_factory.mktemp("whole")
    for path, text in FOLDER.items():
        file = home / "papers" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with open_index(home / "index", Settings(threads=1, workers=1)) as opened:
        opened.ingest(home / "papers")
        yield opened


def cited(answer: Answer) -> list[str]:
    return [citation.chunk.document.path for citation in answer.citations]


def ask(index: Index, question: str, **more: Scope) -> Answer:
    return index.assistant.ask(question, path="global", **more)


def test_a_question_about_the_whole_folder_cites_each_document_that_tells_of_it_once(index: Index) -> None:
    answer = ask(index, "How well are wheelchair users served?")
    assert {"minutes/2024-04.md", "minutes/2025-04.md", "letters/hale.txt", "contracts/lift.md"} <= set(cited(answer))
    assert len(cited(answer)) == len(set(cited(answer)))
    assert "letters/oven.txt" not in cited(answer)


def test_each_citation_stands_in_its_document_and_each_marker_in_the_text(index: Index) -> None:
    answer = ask(index, "What is told of Captain Falk?")
    assert [citation.marker for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation, sentence in zip(answer.citations, answer.sentences, strict=True):
        assert citation.quote in citation.chunk.text
        assert answer.text[sentence.span.slice].endswith(f"[{citation.marker}]")
        assert sentence.markers == (citation.marker,)


def test_a_document_in_the_other_language_is_found_by_words_and_by_the_sound_of_names(index: Index) -> None:
    assert "zh/记录.txt" in cited(ask(index, "What did Captain Falk check in the shipyard?"))
    answer = ask(index, "关于福尔克船长和轮椅，文件里都说了什么？")
    assert {"minutes/2024-04.md", "minutes/2025-04.md", "letters/hale.txt"} <= set(cited(answer))
    assert answer.text.startswith("这个文件夹里可能有")


def test_the_kind_of_a_document_counts(index: Index) -> None:
    assert {"contracts/lift.md", "contracts/fuel.md"} <= set(
        cited(ask(index, "List all contracts and when they end."))[:4]
    )


def test_a_question_about_nothing_but_the_folder_is_answered_by_theme(index: Index) -> None:
    answer = ask(index, "What are the main subjects of these documents?")
    told = set(cited(answer))
    themes = {piece.theme for piece in answer.evidence if piece.theme and piece.chunk.document.path in told}
    assert themes
    assert all(f"\n\n{theme}:\n\n" in answer.text for theme in themes)


def test_what_asks_for_nothing_in_particular_looks_at_every_document(index: Index) -> None:
    for question in ("What are the main subjects of these documents?", "这批文件主要讲了哪些内容？"):
        found = index.assistant.search(question, path="global", limit=50).found.evidence
        assert {piece.chunk.document.path for piece in found} == set(FOLDER)


def test_only_documents_of_the_scope_are_told(index: Index) -> None:
    answer = ask(index, "How well are wheelchair users served?", scope=Scope(folder="minutes"))
    assert set(cited(answer)) <= {path for path in FOLDER if path.startswith("minutes/")}


def test_what_two_documents_say_word_for_word_stands_once_and_is_cited_twice(index: Index) -> None:
    answer = ask(index, "How well are wheelchair users served?")
    piece = answer.evidence[0]
    copy = replace(piece.chunk.document, id="copy", title="The copy")
    twice = survey.answered(
        replace(answer, evidence=(piece, replace(piece, chunk=replace(piece.chunk, document=copy))))
    )
    assert twice.text.count(" ".join(piece.facts[0].text.split())) == 1
    assert "Also: The copy [2]" in twice.text
    assert len(twice.citations) == 2


def test_as_many_documents_are_told_as_hold_most_of_what_is_likely_and_the_likeliest_are_quoted(index: Index) -> None:
    answer = ask(index, "How well are wheelchair users served?")
    piece = answer.evidence[0]

    def of(likely: Sequence[float]) -> Answer:
        documents = [replace(piece.chunk.document, id=f"{n}", title=f"The paper {n}") for n in range(len(likely))]
        pieces = [replace(piece, chunk=replace(piece.chunk, document=one)) for one in documents]
        scored = [replace(one, score=score) for one, score in zip(pieces, likely, strict=True)]
        return survey.answered(replace(answer, evidence=tuple(scored)))

    assert len(of([0.9] * 4 + [0.001] * 40).citations) == 4
    assert len(of([0.5] * 20).citations) == 20  # as likely as the first one, all of them
    assert len(of([0.5] * 100).citations) == survey.MOST
    assert of([0.5] * 20).text.startswith("20 documents of this folder may bear on this; the likeliest 12 are quoted.")
    assert of([0.5] * 3).text.startswith("3 documents of this folder may bear on this.")
    assert of([0.5]).text.startswith("One document of this folder bears on this.")


def test_keep_going_goes_on_with_the_next_documents(index: Index) -> None:
    first = ask(index, "How well are wheelchair users served?")
    more = index.assistant.keep_going(first)
    assert more.text.startswith(first.text)
    assert more.continues == first.id
    added = cited(more)[len(cited(first)) :]
    assert added
    assert set(added).isdisjoint(cited(first))
    assert [c.marker for c in more.citations] == list(range(1, len(more.citations) + 1))
    last = index.assistant.keep_going(more)
    assert "nothing more" in last.text[last.added_from :]


@pytest.mark.parametrize("question", ["Quelles xylophonistes zkrvy?", "xyzzy quux", "Mr Grommix"])
def test_what_no_document_tells_of_is_not_answered(index: Index, question: str) -> None:
    answer = ask(index, question)
    assert answer.finish == "abstained"
    assert not answer.citations


def test_what_only_the_other_language_says_is_not_said_to_be_missing(index: Index) -> None:
    for path in ("passages", "global"):
        found = index.assistant.search("迟交燃油的罚款是多少？谁付苹果的钱？", path=path).found
        assert "contracts/fuel.md" in {piece.chunk.document.path for piece in found.evidence}
        assert found.uncovered == ("苹果",)


def test_what_speaks_of_the_folder_is_not_said_to_be_missing(index: Index) -> None:
    assert ask(index, "Summarise the main topics of this folder.").uncovered == ()


@pytest.mark.parametrize(
    "question",
    [
        "overview please",
        "summarise",
        "有哪些文件？",
        "这个文件夹讲什么？",
        "List all documents",
        "What documents do you have?",
    ],
)
def test_where_nothing_in_particular_is_asked_and_no_way_is_sure_the_whole_folder_is_looked_at(
    index: Index, question: str
) -> None:
    assert asks_for_all(question)
    answer = index.assistant.ask(question)
    assert (answer.route.path, answer.finish) == ("global", "complete")


@pytest.mark.parametrize("question", ["Thanks for the summary!", "Translate the summary.", "Hello!"])
def test_what_has_a_saying_of_its_own_is_said(index: Index, question: str) -> None:
    assert index.assistant.ask(question).route.path == "direct"


@pytest.mark.parametrize(
    "question", ["???", "Tell me more.", "Which file mentions the lime tree?", "谁写了这份文件？猫呢？"]
)
def test_what_asks_for_something_does_not_ask_for_all(question: str) -> None:
    assert not asks_for_all(question)


def test_a_question_about_the_whole_folder_stands_beside_another_one(index: Index) -> None:
    class Forgetful(dict[tuple[str, ...], Floats]):
        """Another question has begun anew as soon as something is kept."""

        def __setitem__(self, key: tuple[str, ...], value: Floats) -> None: ...

    overview = index.assistant._overview
    assert overview is not None
    overview._known = replace(overview._graph_now(), themes=Forgetful())
    assert cited(ask(index, "How well are wheelchair users served?"))
    overview._known = None


def test_a_search_begins_with_another_document_at_each_place(index: Index) -> None:
    found = index.assistant.search("wheelchair", path="global", limit=6).found.evidence
    assert len({piece.chunk.document.id for piece in found}) == 6
    assert list(found) == sorted(found, key=lambda piece: -piece.score)
    assert all(piece.via == "global" and piece.facts for piece in found)


def test_a_model_is_given_the_sentence_of_each_document_with_its_neighbours(index: Index) -> None:
    evidence = index.assistant.search("wheelchair", path="global", limit=50).found.evidence
    given = survey.narrowed(evidence)
    assert len(given) == len(FOLDER)
    for whole, piece in zip(evidence, given, strict=False):
        assert piece.chunk.text in whole.chunk.text
        assert piece.chunk.quote(piece.facts[0].span) == piece.facts[0].text
        assert len(piece.chunk.sentences) <= 3


def test_with_a_model_themes_orient_it_and_sentences_of_many_documents_are_its_sources(
    index: Index, tmp_path: Path
) -> None:
    summary = Scripted(script=lambda prompt: "They speak of a ramp [1].")
    writes = Scripted(script=lambda prompt: "Captain Ingrid Falk asked for a new ramp for wheelchair users [2].")
    offline = Model(name="offline", make=lambda: summary, tries=1)
    online = Model(name="online", make=lambda: writes, tries=1)
    assert index.facts is not None
    store, graph, embedder = index.store, index.facts.store, index.embedder
    made = Assistant(
        store=store,
        graph=graph,
        embedder=embedder,
        router=Router([embedder]),
        history=History(tmp_path / "answers"),
        unit=index.lease.hold,
        writer=Writer(online, Checker(embedder)),
        widen=False,
        overview=Overview(store, graph, embedder, Reports(store, graph, Shelf(tmp_path / "r.sqlite"), offline)),
    )
    shown = made.prompt("How well are wheelchair users served?", path="global")
    answer = made.ask("How well are wheelchair users served?", path="global")
    assert "For orientation only" in writes.prompts[0]
    assert "They speak of a ramp (1)" in writes.prompts[0]
    assert writes.prompts[0].count("<source") == len(FOLDER)
    assert shown.endswith(writes.prompts[0].rpartition("\n\n")[2])
    assert shown.count("<source") == len(FOLDER)
    [citation] = answer.citations
    assert citation.chunk.document.path in FOLDER
    assert len(summary.prompts) <= 3
    asked = len(summary.prompts)
    made.ask("How well are wheelchair users served?", path="global")
    assert len(summary.prompts) == asked  # what was summed up once is kept


def test_how_many_documents_are_told_follows_from_how_likely_they_are(index: Index) -> None:
    answer = ask(index, "How well are wheelchair users served?")
    sure = [replace(piece, score=0.9 if n < 2 else 0.01) for n, piece in enumerate(answer.evidence)]
    assert len(survey.answered(replace(answer, evidence=tuple(sure))).citations) == 2
    alike = [replace(piece, score=0.5 if n < 2 else 0.06) for n, piece in enumerate(answer.evidence)]
    assert 2 < len(survey.answered(replace(answer, evidence=tuple(alike))).citations) < len(FOLDER)


def test_ids_of_documents_are_those_of_the_collection(index: Index) -> None:
    answer = ask(index, "wheelchair")
    assert answer.citations[0].chunk.document.id == document_id("", cited(answer)[0])
