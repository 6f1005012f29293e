"""A tiny run of the bench of large tenants: that it measures what it says, finds what is nearest, and leaves nothing behind."""

import pytest
from django.db import connections

from core.models import Tenant, TextVector
from core.project.bench.ask import bench_ask
from core.tenancy import unscoped_directory
from tests.cast import Cast


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_tiny_ask_bench_has_its_figures_finds_what_is_nearest_and_leaves_no_tenant(cast: Cast) -> None:
    parts = ("an answer", "its SQL alone", "answer / SQL", "first event / answer")
    report = bench_ask(
        sizes=(400, 800), vectors=1000, repetitions=1, tell=lambda _text: None, questions=["Qual foi o CSAT nos últimos 30 dias?"]
    )
    figures = {figure.name: figure for figure in report.figures}
    assert list(figures)[:9] == [
        *(f"{size} messages: {what}" for size in (400, 800) for what in parts),
        "growth from 400 to 800, answer / SQL",
    ]  # fmt: skip
    assert [figures[f"owner of {share}: recall"].median for share in ("0.1%", "1.0%", "30.0%")] == [1.0, 1.0, 1.0]
    with unscoped_directory(reason="tests"):
        assert sorted(Tenant.objects.values_list("slug", flat=True)) == ["casa-lua", "casa-sol"]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE %s ORDER BY 1", ["%USING hnsw%"])
        assert [name for (name,) in cursor.fetchall()] == sorted(index.name for index in TextVector._meta.indexes)
