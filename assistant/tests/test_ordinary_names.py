"""Names that ordinary talk is made of: "luz", "rosa", "hope" name an agent where something says so, and nobody where nothing does."""

from datetime import datetime

import pytest

from assistant.planner import Catalog, Language, plan_question

WEDNESDAY = datetime.fromisoformat("2026-11-18T10:00:00-03:00")
BORNE: dict[Language, tuple[str, ...]] = {
    "pt": ("Rosa Lins", "Luz Ferreira", "Vitória Campos", "Esperança Gomes"),
    "en": ("Grace Young", "Hope Miller", "Faith Long"),
    "es": ("Luz Soto", "Rosa Gil", "Consuelo Ruiz", "Dulce Mora"),
}
# As a manager types them, the name written small.
ASKED: dict[Language, list[str]] = {
    "pt": [
        "csat da {n} ontem",
        "quantas conversas a {n} teve ontem",
        "como foi a {n} ontem",
        "mensagens da {n} de ontem",
        "tempo de resposta da {n}",
        "compara {n} e bruno no csat",
        "{n} ou bruno, quem teve mais conversas",
        "resumo da {n}",
        "quantas conversas a {n} resolveu",
        "o que a {n} respondeu ontem",
        "por que a nota da {n} caiu",
        "{n}: csat ontem",
        "nota {n} ontem",
        "clientes da {n} que reclamaram",
        "como a {n} está indo",
        "conversas abertas com a {n}",
        "reclamações sobre a {n} esse mês",
        "quantas reclamações a {n} recebeu",
        "a {n} atendeu quantos clientes ontem",
        "evolução do csat da {n}",
        "a {n} tá respondendo rápido?",
        "csat por tema da {n}",
        "quantos elogios pra {n}",
        "satisfação da {n} vs bruno",
        "conversas que a {n} atendeu",
        "mensagens que a {n} enviou ontem",
        "como tá a {n}",
        "como anda a {n} em satisfação",
        "qual a satisfação da {n}",
        "quantas mensagens {n} mandou",
    ],
    "en": [
        "{n}'s csat yesterday",
        "csat for {n} last week",
        "how many conversations did {n} have",
        "how is {n} doing",
        "compare {n} and bruno",
        "complaints about {n} this month",
        "why did {n}'s rating drop",
        "summary of {n}",
        "response time of {n}",
        "conversations handled by {n}",
        "messages {n} sent yesterday",
        "how many chats does {n} have open",
    ],
    "es": [
        "csat de {n} ayer",
        "cuántas conversaciones tuvo {n} ayer",
        "cómo le fue a {n} la semana pasada",
        "qué respondió {n} ayer",
        "compara {n} y bruno",
        "por qué bajó la nota de {n}",
        "resumen de {n}",
        "conversaciones que atendió {n}",
        "tiempo de respuesta de {n}",
        "quejas sobre {n} este mes",
        "mensajes que envió {n}",
        "cómo está {n} en satisfacción",
    ],
}

# Every word of a name below is of somebody who works or buys here, and none of them is meant.
TALK: list[tuple[Language, str]] = [
    ("pt", "acabou a luz aqui, quantas mensagens hoje"),
    ("pt", "a conta de luz subiu, mas enfim quantas reclamações ontem"),
    ("pt", "deu tudo certo ontem? quantas resolvidas"),
    ("pt", "ok, pronto. csat de hoje"),
    ("pt", "quantas conversas novo horário"),
    ("pt", "vale lembrar que quero o csat de ontem"),
    ("pt", "tem esperança de melhorar? satisfação do mês"),
    ("pt", "não perde a esperança kkk, nota de hoje"),
    ("pt", "foi uma noite difícil, quantas reclamações ontem"),
    ("pt", "clientes leais e satisfeitos ontem quantos"),
    ("pt", "todo santo dia tem reclamação né, quantas essa semana"),
    ("pt", "reclamações sobre a conta de luz"),
    ("pt", "mensagens com a palavra flor"),
    ("pt", "cesta de flor murcha, tem reclamação?"),
    ("pt", "pedido de uma rosa vermelha, mostra as mensagens"),
    ("pt", "meu neto quer saber quantas conversas ontem"),
    ("pt", "assim que der, me manda o csat de ontem"),
    ("pt", "que paz hoje, quantas conversas?"),
    ("pt", "nos vale mais a satisfação ou o csat?"),
    ("en", "will we hit the target? csat this month"),
    ("en", "have a good day, how many chats yesterday"),
    ("en", "I hope complaints went down, did they this week?"),
    ("en", "how long is the wait this week"),
    ("en", "best day for satisfaction last month"),
    ("en", "what a long week, csat?"),
    ("en", "may I see complaints in may"),
    ("es", "se cortó la luz, cuántas quejas hoy"),
    ("es", "cuál es la media de satisfacción ayer"),
    ("es", "mensajes de la noche de ayer"),
    ("es", "esperanza es lo último que se pierde, csat de ayer"),
]
SHOP = Catalog.from_dict(
    {
        "tenant": "Bela Vista",
        "time_zone": "America/Sao_Paulo",
        "agents": [
            "Rosa Prestes", "Luz Ferreira", "Vitória Campos", "Esperança Gomes", "Flor Santos", "Davi Leal", "Domingos Neto", "Grace Young",
            "Hope Long", "Will Best", "Joy Day",
        ],
        "channels": ["Loja Natal", "Unidade Bela Vista", "Loja Boa Esperança"],
        "themes": ["Preço"],
        "contacts": [
            "Vitor Paz", "Amanda Pronto", "Olavo Certo", "Benedito Vale", "Wanderley Assis", "Carlos Novo", "Socorro Noche", "Pilar Media",
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize(("language", "asked"), [(language, asked) for language, listed in ASKED.items() for asked in listed])
def test_what_leads_into_a_name_names_somebody(language: Language, asked: str) -> None:
    found = {}
    for name in BORNE[language]:
        catalog = Catalog.from_dict(
            {
                "tenant": "Bela Vista",
                "time_zone": "America/Sao_Paulo",
                "agents": [name, "Bruno Lima"],
                "channels": ["Recepção", "Loja"],
                "themes": ["Preço"],
                "contacts": ["Ana Melo"],
            }
        )
        question = asked.format(n=name.split()[0].lower())
        found[name] = name in plan_question(question, catalog=catalog, clock=WEDNESDAY, language=language).plan.filters.agent
    assert found == dict.fromkeys(BORNE[language], True)


@pytest.mark.parametrize(("language", "said"), TALK)
def test_ordinary_talk_names_nobody(language: Language, said: str) -> None:
    filters = plan_question(said, catalog=SHOP, clock=WEDNESDAY, language=language).plan.filters
    assert (filters.agent, filters.channel, filters.contact) == ((), (), ())


def test_a_capital_inside_a_sentence_and_a_whole_name_are_somebody() -> None:
    said = ["deixa ver, a Luz ontem, csat", "luz ferreira ontem csat", "quantas conversas Rosa ontem"]
    agents = [plan_question(one, catalog=SHOP, clock=WEDNESDAY, language="pt").plan.filters.agent for one in said]
    assert agents == [("Luz Ferreira",), ("Luz Ferreira",), ("Rosa Prestes",)]


def test_a_surname_that_is_only_nearly_met_never_filters() -> None:
    said = "então é assim, eu queria saber quantas pessoas falaram com a gente ontem"
    assert plan_question(said, catalog=SHOP, clock=WEDNESDAY, language="pt").plan.filters.to_dict() == {}
