"""Every loader reads small files that we wrote in the official layout."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from clew.errors import ClewError
from evals.loaders import beir, crag, fastgraphrag, graphragbench, hotpot, ircot, lihua, multihoprag, musique, squad
from evals.loaders.squad import sentence_at


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def beir_folder(home: Path) -> Path:
    write_lines(
        home / "corpus.jsonl",
        [
            {"_id": "d1", "title": "Heron", "text": "The heron fishes at dawn.", "metadata": {}},
            {"_id": "d2", "title": "", "text": "A kiln was found below the mill.\u2028It was round."},
            {"_id": "d3", "title": "Mill", "text": "The mill burned down in 1911."},
        ],
    )
    write_lines(home / "queries.jsonl", [{"_id": "q1", "text": "when did the mill burn?"}, {"_id": "q2", "text": "x"}])
    (home / "qrels").mkdir()
    (home / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td3\t2\nq1\td2\t1\nq1\td1\t0\n", "utf-8")
    return home


def test_beir_keeps_ids_and_takes_grades_above_zero_as_gold(tmp_path: Path) -> None:
    suite = beir.load(beir_folder(tmp_path / "mills")).check()
    assert suite.name == "mills"
    assert [passage.id for passage in suite.passages] == ["d1", "d2", "d3"]
    assert suite.passages[1].text.endswith("It was round.")
    [case] = suite.cases
    assert (case.id, case.gold_documents, case.split) == ("q1", ("d3", "d2"), "test")


def test_beir_with_dev_judgements_only_is_a_dev_suite(tmp_path: Path) -> None:
    home = beir_folder(tmp_path / "b")
    (home / "qrels" / "test.tsv").rename(home / "qrels" / "dev.tsv")
    assert beir.load(home).cases[0].split == "dev"


def test_a_bad_line_of_judgements_is_named(tmp_path: Path) -> None:
    home = beir_folder(tmp_path / "b")
    (home / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1 d3 1\n", "utf-8")
    with pytest.raises(ClewError, match="line 2"):
        beir.load(home)


HOTPOT = {
    "_id": "h1",
    "question": "Which of the two lakes is deeper, Orm or Vask?",
    "answer": "Orm",
    "type": "comparison",
    "level": "easy",
    "supporting_facts": [["Lake Orm", 1], ["Lake Vask", 0], ["Lake Vask", 7]],
    "context": [
        ["Lake Orm", ["Lake Orm lies in the north.", " It is 90 metres deep."]],
        ["Lake Vask", ["Lake Vask is 12 metres deep."]],
        ["Orm (river)", ["The Orm feeds the lake."]],
    ],
}


def test_hotpotqa_pools_paragraphs_and_names_supporting_sentences(tmp_path: Path) -> None:
    second = {**HOTPOT, "_id": "h2", "context": [HOTPOT["context"][0], ["Lake Vask", ["Another text."]]]}
    suite = hotpot.load(write(tmp_path / "hotpot_dev.json", [HOTPOT, second])).check()
    assert [p.id for p in suite.passages] == ["Lake Orm", "Lake Vask", "Orm (river)", "Lake Vask [2]"]
    assert suite.passages[0].text == "Lake Orm lies in the north. It is 90 metres deep."
    assert suite.cases[0].gold_documents == ("Lake Orm", "Lake Vask")
    assert suite.cases[0].gold_facts == ("It is 90 metres deep.", "Lake Vask is 12 metres deep.")
    assert suite.cases[1].gold_documents == ("Lake Orm", "Lake Vask [2]")
    assert suite.cases[0].kind == "comparison"


def test_2wikimultihopqa_sentences_come_without_spaces(tmp_path: Path) -> None:
    row = {
        "_id": "w1",
        "type": "compositional",
        "question": "Where was the mother of Ada Orm born?",
        "answer": "Vask",
        "context": [["Ada Orm", ["Ada Orm was a painter.", "Her mother was Ida."]], ["Ida", ["Ida was born in Vask."]]],
        "supporting_facts": [["Ada Orm", 1], ["Ida", 0]],
        "evidences": [["Ada Orm", "mother", "Ida"], ["Ida", "place of birth", "Vask"]],
    }
    suite = hotpot.load(write(tmp_path / "dev.json", [row])).check()
    assert suite.passages[0].text == "Ada Orm was a painter. Her mother was Ida."


def test_hipporags_hotpotqa_brings_its_own_corpus(tmp_path: Path) -> None:
    corpus = dict(HOTPOT["context"]) | {"Else": ["Never asked for."]}
    write(tmp_path / "hotpotqa_corpus.json", corpus)
    suite = hotpot.load(write(tmp_path / "hotpotqa.json", [HOTPOT])).check()
    assert [p.id for p in suite.passages][-1] == "Else"
    write(tmp_path / "hotpotqa_corpus.json", {"Else": ["Never asked for."]})
    with pytest.raises(ClewError, match="Lake Orm"):
        hotpot.load(tmp_path / "hotpotqa.json")


def test_ircot_lines_give_paragraphs_spans_and_gold(tmp_path: Path) -> None:
    row = {
        "dataset": "hotpotqa",
        "question_id": "i1",
        "question_text": "Who built the mill at Orm?",
        "level": "hard",
        "type": "bridge",
        "answers_objects": [{"number": "", "date": {"day": "", "month": "", "year": ""}, "spans": ["Ida Vask", "Ida"]}],
        "contexts": [
            {"idx": 0, "title": "Orm", "paragraph_text": "Ida Vask built the mill.", "is_supporting": True},
            {"idx": 1, "title": "Orm", "paragraph_text": "Orm has a harbour.", "is_supporting": False},
        ],
    }
    suite = ircot.load(write_lines(tmp_path / "test_subsampled.jsonl", [row])).check()
    assert [p.id for p in suite.passages] == ["0", "1"]  # one title, two paragraphs
    assert suite.cases[0].gold_documents == ("0",)
    assert suite.cases[0].references == ("Ida Vask", "Ida")


MUSIQUE = {
    "id": "2hop__1_2",
    "question": "Who founded the town where the mill stands?",
    "answer": "Ida Vask",
    "answer_aliases": ["Ida"],
    "answerable": True,
    "question_decomposition": [],
    "paragraphs": [
        {"idx": 0, "title": "Orm", "paragraph_text": "Ida Vask founded Orm.", "is_supporting": True},
        {"idx": 1, "title": "Mill", "paragraph_text": "The mill stands in Orm. ", "is_supporting": True},
        {"idx": 2, "title": "Orm", "paragraph_text": "Orm is also a river.", "is_supporting": False},
    ],
}


def test_musique_tells_paragraphs_with_one_title_apart(tmp_path: Path) -> None:
    no = {**MUSIQUE, "id": "3hop1__9", "answerable": False}
    suite = musique.load(write_lines(tmp_path / "musique_full_v1.0_dev.jsonl", [MUSIQUE, no])).check()
    assert [(p.id, p.title) for p in suite.passages] == [("0", "Orm"), ("1", "Mill"), ("2", "Orm")]
    answerable, unanswerable = suite.cases
    assert answerable.gold_documents == ("0", "1")
    assert answerable.references == ("Ida Vask", "Ida")
    assert (unanswerable.answerable, unanswerable.gold_documents, unanswerable.kind) == (False, (), "3hop1")


def test_hipporags_musique_comes_with_corpus_and_triples(tmp_path: Path) -> None:
    texts = [{"title": p["title"], "text": p["paragraph_text"]} for p in MUSIQUE["paragraphs"]]
    write(tmp_path / "musique_corpus.json", texts)
    docs = [
        {
            **text,
            "passage": "",
            "extracted_entities": ["Orm"],
            "extracted_triples": [["Ida Vask", "founded", "Orm"], ["broken"]],
        }
        for text in texts
    ]
    openie = write(tmp_path / "openie.json", {"docs": docs, "avg_ent_chars": float("nan")})
    suite = musique.load(write(tmp_path / "musique.json", [MUSIQUE]), openie=openie).check()
    assert suite.passages[0].triples == (("Ida Vask", "founded", "Orm"),)
    assert suite.passages[2].entities == ("Orm",)


def test_fast_graphrags_questions_run_over_the_start_of_the_corpus(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.json", [{"title": t, "text": f"{t} is a lake."} for t in ("Orm", "Vask", "Ida")])
    row = {"question": "Which is older?", "ground_truth": ["Vask"], "answer": "", "evidence": ["Orm"]}
    questions = write(tmp_path / "q.json", [row])
    assert [p.id for p in fastgraphrag.load(questions, corpus, first=2).check().passages] == ["Orm", "Vask"]
    assert len(fastgraphrag.load(questions, corpus).passages) == 3
    with pytest.raises(ClewError, match="Vask"):
        fastgraphrag.load(questions, corpus, first=1).check()


def test_multihop_rag_links_facts_to_articles_by_address(tmp_path: Path) -> None:
    article = {
        "title": "Mill burns",
        "author": None,
        "source": "Orm Post",
        "published_at": "2024-03-01T10:00:00+00:00",
        "category": "news",
        "url": "https://example.org/mill",
        "body": "The mill burned on Friday.",
    }
    row = {
        "query": "Did the Orm Post report a fire?",
        "answer": "Yes",
        "question_type": "inference_query",
        "evidence_list": [{**article, "fact": "The mill burned on Friday."}],
    }
    null = {"query": "Who lit it?", "answer": "Insufficient information.", "question_type": "null_query"}
    write(tmp_path / "corpus.json", [article])
    write(tmp_path / "MultiHopRAG.json", [row, {**null, "evidence_list": []}])
    suite = multihoprag.load(tmp_path).check()
    assert suite.passages[0].text.startswith("Orm Post, 2024-03-01\n")
    assert suite.cases[0].gold_documents == ("https://example.org/mill",)
    assert suite.cases[0].gold_facts == ("The mill burned on Friday.",)
    assert not suite.cases[1].answerable


def test_lihua_world_reads_the_zip_and_mends_slipped_stamps(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with zipfile.ZipFile(tmp_path / "data" / "LiHuaWorld.zip", "w") as archive:
        archive.writestr("LiHua-World/week2/20260114_1700.txt", "Time: 20260114_17:00\nIda: The key is with Orm.\n")
        archive.writestr("LiHua-World/week1/20260105_0900.txt", "Time: 20260105_09:00\nOrm: Thanks, neighbour.\n")
        archive.writestr("LiHua-World/notes.md", "not a chat")
    rows = {
        "0": {
            "question": "Who?",
            "answer": "Orm",
            "evidence": "20260105_09:00<and>20260114_17:00 ",
            "type": "Multi",
        },
        "1": {"question": "Why?", "answer": "Because\t20260105_09:00", "evidence": "Why", "type": "Single"},
        "2": {"question": "When?", "answer": "Insufficient information", "evidence": "N/A", "type": "Null"},
    }
    write(tmp_path / "qa" / "query_set.json", rows)
    suite = lihua.load(tmp_path).check()
    assert [p.id for p in suite.passages] == ["20260105_09:00", "20260114_17:00"]
    multi, slipped, null = suite.cases
    assert multi.gold_documents == ("20260105_09:00", "20260114_17:00")
    assert (slipped.gold_documents, slipped.answer) == (("20260105_09:00",), "Because")
    assert (null.answerable, null.gold_documents) == (False, ())


def test_crag_gives_types_and_has_no_corpus(tmp_path: Path) -> None:
    row = {
        "interaction_id": "c1",
        "query_time": "03/10/2024",
        "domain": "open",
        "question_type": "false_premise",
        "static_or_dynamic": "static",
        "query": "which mill burned twice?",
        "answer": "invalid question",
        "split": 0,
        "alt_ans": [0],
    }
    suite = crag.load(write_lines(tmp_path / "crag.jsonl", [row])).check()
    assert (suite.passages, suite.cases[0].kind) == ((), "false_premise/static")
    assert (suite.cases[0].answerable, suite.cases[0].aliases, suite.cases[0].split) == (False, ("0",), "dev")


@pytest.mark.parametrize("single", [True, False])
def test_graphrag_bench_takes_one_text_or_several(tmp_path: Path, single: bool) -> None:
    book = {"corpus_name": "Mills", "context": "The mill burned. The heron fishes."}
    row = {
        "id": "Mills-1",
        "source": "Mills",
        "question": "What burned?",
        "answer": "The mill.",
        "question_type": "Fact Retrieval",
        "evidence": ["The mill burned."],
        "evidence_relations": "mill burned",
    }
    write(tmp_path / "Corpus" / "medical.json", book if single else [book])
    write(tmp_path / "Questions" / "medical_questions.json", [row])
    suite = graphragbench.load(tmp_path).check()
    assert suite.cases[0].gold_facts == ("The mill burned.",)
    assert suite.cases[0].gold_documents == ("Mills",)


def test_squad_makes_the_answers_sentence_the_gold_fact(tmp_path: Path) -> None:
    context = "The mill stood 40 years. It burned in 1911. Nobody was hurt."
    qas = [
        {"id": "s1", "question": "When?", "answers": [{"text": "1911", "answer_start": context.index("1911")}]},
        {"id": "s2", "question": "Who lit it?", "answers": [], "is_impossible": True},
        {"id": "s3", "question": " ", "answers": [{"text": "40", "answer_start": 15}]},
    ]
    path = write(
        tmp_path / "dev.json",
        {"version": "v2.0", "data": [{"title": "Old_Mill", "paragraphs": [{"context": context, "qas": qas}]}]},
    )
    suite = squad.load(path).check()
    assert (suite.passages[0].id, suite.passages[0].title) == ("0.0", "Old Mill")
    assert suite.cases[0].gold_facts == ("It burned in 1911.",)
    assert [case.id for case in suite.cases] == ["s1", "s2"]
    assert not suite.cases[1].answerable


def test_cmrc_keeps_its_paragraph_ids(tmp_path: Path) -> None:
    context = "磨坊建于1871年。磨坊1911年烧毁。"
    qas = [{"id": "D_0_Q", "question": "哪年烧毁?", "answers": [{"text": "1911年", "answer_start": 12}]}]
    paragraph = {"id": "D_0", "context": context, "qas": qas}
    path = write(
        tmp_path / "cmrc.json", {"version": "v1.0", "data": [{"title": "磨坊", "id": "D_0", "paragraphs": [paragraph]}]}
    )
    suite = squad.load(path).check()
    assert suite.passages[0].id == "D_0"
    assert (suite.cases[0].gold_facts, suite.cases[0].lang) == (("磨坊1911年烧毁。",), "zh")


def test_a_sentence_is_found_around_its_answer() -> None:
    assert sentence_at("One. Two costs 3.5 crowns! Three", 15) == "Two costs 3.5 crowns!"
    assert sentence_at("only this", 3) == "only this"


@pytest.mark.parametrize("load", [hotpot.load, musique.load, ircot.load, squad.load, crag.load])
def test_a_missing_file_and_another_layout_are_errors(tmp_path: Path, load: Any) -> None:
    with pytest.raises(ClewError, match="nowhere"):
        load(tmp_path / "nowhere.json")
    with pytest.raises(ClewError, match=r"other\.json"):
        load(write_lines(tmp_path / "other.json", [{"data": [{"colour": "green"}]}]))
