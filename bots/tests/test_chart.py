"""Answers as pictures: which are better seen, and what is drawn. How they look was looked at; here is what must stay."""

import struct
from typing import Any

import pytest

from assistant import answer
from assistant.blocks import Column, SeriesBlock, TableBlock
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop
from bots.chart import WIDTH_PIXELS, choose_block, draw_answer, draw_block


def read_size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("como está a satisfação esta semana?", None),
        ("satisfação por canal este mês", None),  # two bars are two words
        ("satisfação por atendente esta semana", "table"),
        ("satisfação por dia este mês", "series"),
        ("conversas por hora este mês", "series"),
        ("how many conversations by weekday this month", "series"),
        ("conversas por nota este mês", "series"),
        ("do que os clientes reclamam este mês?", "themes"),
        ("por que a satisfação caiu esta semana por tema?", "drivers"),
        ("satisfação por dia esta semana comparado com a semana passada", "series"),
        ("quais conversas estão sem resposta?", None),
        ("resumo da semana passada", None),
    ],
)
def test_which_answers_are_better_seen(shop: Shop, question: str, kind: str | None) -> None:
    answered = answer.run(shop.manager, question=question, clock=CLOCK)
    block = choose_block(answered)
    assert (None if block is None else block.kind) == kind
    if block is not None:
        width, height = read_size(draw_answer(answered, block))
        assert width == WIDTH_PIXELS
        assert 500 <= height <= 1600


def make_series(values: list[float | None], *, chart: str = "line", **more: Any) -> SeriesBlock:
    columns = [Column(key="day", label="Dia", unit="date"), Column(key="satisfaction", label="Satisfação", unit="rating")]
    rows: list[Any] = [{"day": f"2026-11-{place + 1:02d}", "satisfaction": value} for place, value in enumerate(values)]
    rows[-1] |= more
    return SeriesBlock(title="Satisfação por dia", x="day", chart=chart, columns=columns, rows=rows)


@pytest.mark.parametrize("language", ["pt", "en", "es"])
@pytest.mark.parametrize(
    "block",
    [
        make_series([4.0, None, 4.0, 4.0], partial=True),
        make_series([3.0], partial=True),
        make_series([None, None, 2.5, 3.5, None]),
        make_series([0.0, 2.0, 0.0, 0.0], chart="bar", partial=True),
        TableBlock(
            title="Sentimento " * 12,
            columns=[Column(key="agent", label="Atendente", unit="text"), Column(key="sentiment", label="Sentimento", unit="score")],
            rows=[{"agent": f"Nome {'comprido ' * 9}{n}", "sentiment": value} for n, value in enumerate((0.4, -0.3, 0.0, *[0.1] * 20))],
        ),
    ],
    ids=["gap", "one", "edges", "bars", "long"],
)
def test_odd_rows_are_drawn_all_the_same(block: Any, language: Any) -> None:
    assert read_size(draw_block(block, language=language, today=CLOCK.date()))[0] == WIDTH_PIXELS


@pytest.mark.parametrize(("values", "chart"), [([None, None], "line"), ([0.0, 0.0], "bar")])
def test_nothing_is_not_drawn(values: list[float | None], chart: str) -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_block(make_series(values, chart=chart), language="pt", today=CLOCK.date())
