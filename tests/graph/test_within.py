"""Whom one document names."""

import pytest

from clew.records import Mention
from graph.naming import Naming
from graph.view import TITLE
from graph.within import namings_of, renamed_id
from tests.contracts import harbour


def read(text: str, *names: tuple[str, str]) -> list[Naming]:
    """The namings of a text with these names (name, kind), each in every sentence that has it."""
    chunks = harbour.chunks_of("a.txt", text)
    mentions = [
        Mention(name=name, kind=kind, chunk_id=chunk.id, sentence=number)
        for chunk in chunks
        for number, span in enumerate(chunk.sentences)
        for name, kind in names
        if name in chunk.quote(span)
    ]
    return namings_of(chunks, mentions)


def together(text: str, *names: tuple[str, str]) -> set[frozenset[str]]:
    return {frozenset(naming.names) for naming in read(text, *names)}


def test_a_surname_stands_for_the_one_person_who_has_it() -> None:
    text = "Edda Holm kept the light. Captain Holm never slept. Her dog was called Bran."
    names = [("Edda Holm", "person"), ("Captain Holm", "person"), ("Bran", "person")]
    assert together(text, *names) == {frozenset({"Edda Holm", "Captain Holm"}), frozenset({"Bran"})}


def test_a_surname_that_two_people_share_stands_for_neither() -> None:
    text = "Edda Holm kept the light. Arne Holm kept bees. Then Holm left."
    names = [("Edda Holm", "person"), ("Arne Holm", "person"), ("Holm", "person")]
    assert len(together(text, *names)) == 3


def test_mr_and_mrs_are_two() -> None:
    found = read("Mr Falk came. Mrs Falk stayed.", ("Mr Falk", "person"), ("Mrs Falk", "person"))
    assert [naming.names for naming in found] in ([("Mr Falk",), ("Mrs Falk",)], [("Mrs Falk",), ("Mr Falk",)])
    assert len({naming.id for naming in found}) == 2
    assert len({renamed_id(naming, "elsewhere") for naming in found}) == 2


@pytest.mark.parametrize(
    ("text", "one", "other", "kind"),
    [
        ("The Guild of Net Makers (GNM) met.", "Guild of Net Makers", "GNM", "organisation"),
        ("Ida Krog, also known as Red Ida, sang.", "Ida Krog", "Red Ida", "person"),
        ("Ida Krog, née Lund, sang.", "Ida Krog", "Lund", "person"),
        ("Holm Line, formerly North Packet, sails.", "Holm Line", "North Packet", "organisation"),
        ("海岸大学(简称海大)在这里.", "海岸大学", "海大", "organisation"),
        ("海岸大学（简称“海大”）在这里.", "海岸大学", "海大", "organisation"),
        ("赵丽华，又名小华，很忙.", "赵丽华", "小华", "person"),
        ("赵丽华是医生.赵医生很忙.", "赵丽华", "赵医生", "person"),
    ],
)
def test_a_text_can_say_that_two_names_are_one(text: str, one: str, other: str, kind: str) -> None:
    assert together(text, (one, kind), (other, kind)) == {frozenset({one, other})}


def test_roles_years_and_regions_stand_beside_the_name() -> None:
    [naming] = read("Ida Krog, a baker from Hask, was born in 1931. The pilot Ida Krog sang.", ("Ida Krog", "person"))
    assert naming.roles == ("baker", "pilot")
    assert naming.years == (1931,)
    paris, _ = sorted(
        read("She lives in Paris, Texas.", ("Paris", "place"), ("Texas", "place")), key=lambda n: n.names[0]
    )
    assert paris.roles == ("in texas",)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("赵丽华，海岸大学的教授，说了话.", ("professor",)),
        ("赵丽华，海岸大学教授，说了话.", ("professor",)),
        ("赵丽华，船长，说了话.", ("captain",)),
        ("赵丽华，现任船厂总工程师，很忙.", ("engineer",)),
        ("赵丽华，王教授的学生很多.", ()),
        ("赵丽华，她的弟弟是教授，说了话.", ()),
        ("赵丽华，还有王教授，都来了.", ()),
    ],
)
def test_a_role_between_chinese_commas_is_that_of_the_name_before(text: str, roles: tuple[str, ...]) -> None:
    [naming] = read(text, ("赵丽华", "person"))
    assert naming.roles == roles


def test_a_list_of_places_says_nothing_about_where_they_lie() -> None:
    names = [("Paris", "place"), ("London", "place"), ("Rome", "place")]
    assert not any(naming.roles for naming in read("He saw Paris, London and Rome.", *names))


def test_a_naming_keeps_its_id_when_the_document_is_edited_elsewhere() -> None:
    before = read("Edda Holm kept the light.", ("Edda Holm", "person"))
    after = read("It rained. Edda Holm kept the light for years.", ("Edda Holm", "person"))
    assert before[0].id == after[0].id
    assert before[0].places != after[0].places


def test_a_title_without_its_bracket_is_the_same_work() -> None:
    chunks = harbour.chunks_of("a.txt", "Nightfall was shot at sea.")
    mentions = [
        Mention(name="Nightfall (1948 film)", kind="title", chunk_id=chunks[0].id, sentence=TITLE),
        Mention(name="Nightfall", kind="work", chunk_id=chunks[0].id, sentence=0),
    ]
    [naming] = namings_of(chunks, mentions)
    assert set(naming.names) == {"Nightfall (1948 film)", "Nightfall"}


def test_a_document_without_names_has_no_namings() -> None:
    assert namings_of([], []) == []
    assert read("It rained.") == []
