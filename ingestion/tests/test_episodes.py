"""Where one conversation ends and the next begins, and what each says of itself: dated tables that a reader can add up."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.episodes import Episode, Utterance, split_episodes
from ingestion.types import Kind

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(clock: str) -> datetime:
    """ "2 09:30" is half past nine on 2 March 2026."""
    day, _, time = clock.rpartition(" ")
    hours, minutes, *seconds = map(int, time.split(":"))
    return MONDAY + timedelta(days=int(day or 2) - 2, hours=hours, minutes=minutes, seconds=sum(seconds))


def talk(table: str, *, gap_hours: int = 12, as_of: str | None = None) -> list[Episode]:
    """Each line: when, who (c for the customer, else the agent's name, - for one unknown), text; `[image]` for media."""
    utterances = []
    for number, line in enumerate(table.strip().splitlines()):
        clock, who, text = (part.strip() for part in line.split("|"))
        kind: Kind = "image" if text == "[image]" else "sticker" if text == "[sticker]" else "text"
        utterances.append(
            Utterance(
                id=number,
                author="customer" if who == "c" else "agent",
                sent_at=at(clock),
                kind=kind,
                text=text if kind == "text" else "",
                agent=None if who in ("c", "-") else who,
            )
        )
    return split_episodes(utterances, gap=timedelta(hours=gap_hours), as_of=at(as_of) if as_of else None)


def count(table: str, *, gap_hours: int = 12) -> list[int]:
    return [len(episode.messages) for episode in talk(table, gap_hours=gap_hours)]


def test_one_conversation_measured() -> None:
    (episode,) = talk(
        """
        09:00:00 | c    | meu pedido não chegou
        09:02:00 | c    | alguém?
        09:10:30 | Rita | vou verificar
        09:11:00 | Rita | um momento
        09:20:00 | c    | ok
        09:50:00 | Nei  | sai hoje às 14h
        09:51:00 | c    | que horas?
        """
    )
    assert (episode.started_at, episode.last_message_at) == (at("09:00"), at("09:51"))
    assert episode.response_seconds == [None, None, 630, None, None, 1800, None]
    assert (episode.first_response_seconds, episode.customer_message_count, episode.agent) == (630, 4, "Rita")
    assert (episode.waiting_since_at, episode.is_awaiting_reply, episode.is_closed, episode.rating) == (at("09:51"), True, False, None)


def test_a_conversation_that_the_company_begins_waits_for_the_customer_first() -> None:
    (episode,) = talk("09:00 | Rita | seu pedido saiu\n09:30 | c | obrigada, que horas chega?\n09:31 | - | às 15h")
    assert (episode.first_response_seconds, episode.response_seconds, episode.agent) == (60, [None, None, 60], "Rita")


def test_a_conversation_without_a_reply() -> None:
    (episode,) = talk("09:00 | c | oi\n09:30 | c | tem alguém?")
    assert (episode.first_response_seconds, episode.agent, episode.waiting_since_at) == (None, None, at("09:00"))


def test_of_two_agents_who_wrote_as_much_the_earlier_one_answers_for_it() -> None:
    (episode,) = talk("09:00 | Nei | a\n09:01 | Rita | b\n09:02 | Rita | c\n09:03 | Nei | d")
    assert episode.agent == "Nei"


def test_silence_ends_a_conversation() -> None:
    table = "2 09:00 | c | oi\n2 20:59 | c | e aí\n3 08:59 | c | bom dia\n3 09:00 | - | bom dia"
    assert count(table) == [2, 2]
    assert count(table, gap_hours=8) == [1, 1, 2]
    assert [episode.is_closed for episode in talk(table)] == [True, False]
    assert [episode.is_closed for episode in talk(table, as_of="3 20:59")] == [True, False]
    assert [episode.is_closed for episode in talk(table, as_of="3 21:00")] == [True, True]


@pytest.mark.parametrize(
    ("before", "closing", "episodes"),
    [
        ("- | trocado!", "c | muito obrigada!", 2),
        ("- | trocado!", "c | valeu, tchau", 2),
        ("- | trocado!", "c | pode encerrar, obrigado", 2),
        ("- | done!", "c | thank you so much", 2),
        ("- | done!", "c | that's all, bye", 2),
        ("- | ¡listo!", "c | gracias, eso es todo", 2),
        ("c | oi", "- | Atendimento encerrado.", 2),
        ("c | hi", "- | This chat has been closed", 2),
        ("c | hola", "- | La conversación ha sido cerrada", 2),
        ("- | trocado!", "- | Agradecemos o contato, tenha um ótimo dia!", 2),
        # What only looks like an end:
        ("c | oi", "c | obrigada", 1),  # nobody has answered yet
        ("- | vou verificar e já retorno", "c | ok, obrigada", 1),  # more was promised
        ("- | qual o número do pedido?", "c | 123, obrigado", 1),  # something was asked
        ("- | trocado!", "c | obrigada, mas veio outra cor", 1),
        ("- | trocado!", "c | obrigada! fico no aguardo da entrega", 1),
        ("- | trocado!", "c | obrigada, e o frete?", 1),
        ("c | oi", "- | Agradecemos seu contato! Como podemos ajudar?", 1),  # a greeting
        ("- | trocado!", "c | ok", 1),
    ],
)
def test_a_goodbye_ends_a_conversation_for_the_next_customer_message(before: str, closing: str, episodes: int) -> None:
    table = f"09:00 | c | oi\n09:01 | {before}\n09:05 | {closing}\n11:00 | c | comprei outra coisa"
    assert len(talk(table)) == episodes


def test_what_comes_right_after_a_goodbye_belongs_to_it() -> None:
    assert count("09:00 | c | oi\n09:01 | - | feito\n09:02 | c | obrigada, tchau\n09:31 | c | ah, e o troco") == [4]
    assert count("09:00 | c | oi\n09:01 | - | feito\n09:02 | c | obrigada, tchau\n09:32 | c | ah, e o troco") == [3, 1]


def test_courtesy_after_a_goodbye_begins_nothing() -> None:
    table = "09:00 | c | oi\n09:01 | - | feito\n09:02 | c | obrigada, tchau\n09:03 | - | de nada!\n11:00 | c | {}"
    assert count(table.format("👍")) == count(table.format("igualmente 😊")) == count(table.format("[sticker]")) == [5]
    assert count(table.format("bom dia")) == count(table.format("[image]")) == [4, 1]


def test_the_company_never_begins_one_by_a_goodbye_alone() -> None:
    assert count(
        "09:00 | c | oi\n09:01 | - | feito\n09:02 | c | obrigada, tchau\n15:00 | - | saiu para entrega\n15:05 | c | que horas?"
    ) == [5]


def test_a_rating_that_was_asked_for_is_read_and_ends_the_conversation() -> None:
    episodes = talk(
        """
        09:00 | c    | oi
        09:01 | Rita | trocado. De 1 a 5, que nota você dá?
        09:03 | c    | 4, demorou
        10:00 | c    | quero 5 unidades
        """
    )
    assert [(len(episode.messages), episode.rating, episode.is_closed) for episode in episodes] == [(3, 4, True), (1, None, False)]


def test_a_rating_may_come_the_next_morning_and_belongs_to_what_was_rated() -> None:
    asked = "2 17:00 | c | oi\n2 17:01 | - | De 0 a 10, que nota você dá para o atendimento?\n"
    assert [(len(episode.messages), episode.rating) for episode in talk(asked + "3 09:00 | c | 10!")] == [(3, 5)]
    assert [(len(episode.messages), episode.rating) for episode in talk(asked + "3 09:00 | c | bom dia")] == [(2, None), (1, None)]
    assert [(len(episode.messages), episode.rating) for episode in talk(asked + "4 17:02 | c | 10!")] == [(2, None), (1, None)]


def test_a_number_answers_what_was_asked_last() -> None:
    table = "09:00 | - | De 1 a 5, que nota você dá?\n09:01 | c | queria mais cadeiras\n09:02 | - | claro, quantas?\n09:03 | c | 5"
    assert [episode.rating for episode in talk(table)] == [None]


def test_after_three_other_messages_nobody_is_rating_any_more() -> None:
    table = "09:00 | - | De 1 a 5, que nota você dá?\n09:01 | c | ah\n09:02 | c | espera\n09:03 | c | chegou\n09:04 | c | 5"
    assert [episode.rating for episode in talk(table)] == [None]


def test_the_last_of_two_ratings_counts() -> None:
    table = "09:00 | - | Sua nota de 1 a 5?\n09:01 | c | 2\n09:02 | - | Resolvido! Sua nota de 1 a 5?\n09:03 | c | 5"
    assert [episode.rating for episode in talk(table)] == [5]


def test_no_messages_no_conversations() -> None:
    assert split_episodes([]) == []
