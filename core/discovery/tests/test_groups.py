"""Subjects of a crowd whose subjects are known: found, named, kept, turned down, split."""

import uuid
from dataclasses import replace

from core.discovery import Known, find_subjects, name_group, split_group
from core.discovery.tests.crowd import INVOICE, make_crowd, make_talk
from core.discovery.voices import find_voices
from core.discovery.words import find_terms


def number(ids: "list[uuid.UUID] | frozenset[uuid.UUID]") -> list[int]:
    return sorted(one.int for one in ids)


def test_each_subject_is_found_and_named_and_nobody_else_is_in_one() -> None:
    found = find_subjects(make_crowd())
    assert [(group.name, number([talk.id for talk in group.talks])) for group in found.new] == [
        ("Estacionamento", [7, 8, 9, 10, 11, 12]),
        ("Nota fiscal", [1, 2, 3, 4, 5, 6]),
    ]
    assert found.known == []
    # The examples are their messages, one a customer.
    assert number(list(found.new[1].example_ids)) == [1001, 1002, 1003, 1004, 1005, 1006]


def test_it_comes_out_the_same_whatever_the_order() -> None:
    crowd = make_crowd()
    one, other = find_subjects(crowd), find_subjects(crowd[::-1])
    assert [(group.name, {talk.id for talk in group.talks}) for group in one.new] == [
        (group.name, {talk.id for talk in group.talks}) for group in other.new
    ]


def test_nothing_waits_and_nothing_is_found() -> None:
    assert find_subjects([]).new == []


def test_a_subject_of_one_customer_is_none() -> None:
    crowd = [replace(talk, customer="the same") if place < 6 else talk for place, talk in enumerate(make_crowd())]
    assert [group.name for group in find_subjects(crowd).new] == ["Estacionamento"]


def test_copies_of_one_text_are_one_voice() -> None:
    advert = "dinheiro na hora para {} e pensionista liberamos até vinte mil sem consulta responda sim agora"
    copies = [make_talk(50 + place, advert.format(who), subject=None) for place, who in enumerate(("aposentado", "servidor", "militar"))]
    assert find_voices([*copies, *make_crowd()][:4]) == [0, 0, 0, 3]
    assert [group.name for group in find_subjects([*make_crowd(), *copies * 1]).new] == ["Estacionamento", "Nota fiscal"]


def test_a_word_of_fewer_than_three_customers_is_no_name() -> None:
    # Two people write "Gumercindo", however often; the third word that all share is what it is called by.
    texts = [f"{text} {'gumercindo gumercindo' if place < 2 else ''}" for place, text in enumerate(INVOICE)]
    crowd = [make_talk(place + 1, text, subject="invoice") for place, text in enumerate(texts)]
    group = name_group(crowd, rest=make_crowd(begin=100)[6:])
    assert (group.name, [word for word in group.words if "gumercindo" in word]) == ("Nota fiscal", [])


def test_hidden_words_and_masked_values_name_nothing() -> None:
    crowd = [make_talk(place + 1, f"Marlene, [CPF] {text}", subject="invoice") for place, text in enumerate(INVOICE)]
    rest = make_crowd(begin=100)[6:]
    assert "marlene" in " ".join(name_group(crowd, rest=rest).words)
    words = " ".join(name_group(crowd, rest=rest, hidden={"marlene"}).words)
    assert ("marlene" in words, "cpf" in words) == (False, False)


def test_a_name_is_written_as_most_customers_write_it() -> None:
    texts = ("horário de funcionamento", "qual o horario", "horário?", "o horário mudou", "horario")
    crowd = [make_talk(place + 1, text, subject="invoice") for place, text in enumerate(texts)]
    assert name_group(crowd, rest=make_crowd(begin=100)[6:]).name == "Horário"


def test_words_and_pairs_of_a_text() -> None:
    terms = find_terms("Bom dia! A nota fiscal da geladeira, [CPF], veio sem as peças")
    assert [(term.key, term.written) for term in terms] == [
        ("nota", "nota"),
        ("fiscal", "fiscal"),
        ("geladeira", "geladeira"),
        ("nota fiscal", "nota fiscal"),
        ("fiscal geladeira", "fiscal da geladeira"),
        ("peca", "peças"),
    ]


def test_what_is_known_goes_on_and_takes_who_is_like_it() -> None:
    crowd = make_crowd()
    invoices = Known(id=uuid.UUID(int=900), talk_ids=frozenset(talk.id for talk in crowd[:3]))
    found = find_subjects(crowd, known=[invoices])
    assert [(one.id.int, number([talk.id for talk in one.group.talks])) for one in found.known] == [(900, [1, 2, 3, 4, 5, 6])]
    assert [group.name for group in found.new] == ["Estacionamento"]


def test_what_is_known_by_conversations_that_wait_no_more_takes_new_ones() -> None:
    old, new = make_crowd(), make_crowd(begin=101)
    dismissed = Known(id=uuid.UUID(int=900), talk_ids=frozenset(talk.id for talk in old[:6]))
    found = find_subjects(new, anchors=old[:6], known=[dismissed])
    assert [number([talk.id for talk in one.group.talks]) for one in found.known] == [[101, 102, 103, 104, 105, 106]]
    assert [group.name for group in found.new] == ["Estacionamento"]


def test_a_subject_of_two_falls_into_its_parts() -> None:
    parts = split_group(make_crowd()[:12], rest=make_crowd(begin=100)[12:])
    assert [(part.name, number([talk.id for talk in part.talks])) for part in parts] == [
        ("Estacionamento", [7, 8, 9, 10, 11, 12]),
        ("Nota fiscal", [1, 2, 3, 4, 5, 6]),
    ]
