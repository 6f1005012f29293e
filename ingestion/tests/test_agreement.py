"""The monthly agreement of people and analyser, on rows that a reader can add up.

| begins in São Paulo | analyser: score, theme, resolved | customer's rating | correction |
| --- | --- | --- | --- |
| 31 October 23:30 | 4.6, Entrega, yes | 5 | – |
| 1 November 09:00 | 1.4, none, no | 2 | – |
| 2 November 09:00 | 3.0, Entrega, no | – | 4, resolved |
| 3 November 09:00 | 1.4, Pix, no | – | 1 |
| 4 November 09:00 | 4.6, Entrega, yes | 5 | theme Pix |
| 5 November 09:00 | 3.0, none, no | – | 5, taken back |
| 6 November 09:00 | 3.0, none, no | – | – |
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core.models import Channel, Contact, Conversation, ConversationAnalysis, Correction, Tenant, Theme
from core.tenancy import scope
from ingestion.agreement import Month, report_agreement
from ingestion.tests.quick import make_tenant

ZONE = ZoneInfo("America/Sao_Paulo")
Said = dict[str, object]
# begins, score, theme, resolved, rating, correction
ROWS: list[tuple[tuple[int, int, int, int], float, str, bool, int | None, Said | None]] = [
    ((10, 31, 23, 30), 4.6, "Entrega", True, 5, None),
    ((11, 1, 9, 0), 1.4, "", False, 2, None),
    ((11, 2, 9, 0), 3.0, "Entrega", False, None, {"satisfaction": 4, "is_resolved": True}),
    ((11, 3, 9, 0), 1.4, "Pix", False, None, {"satisfaction": 1}),
    ((11, 4, 9, 0), 4.6, "Entrega", True, 5, {"theme": "Pix"}),
    ((11, 5, 9, 0), 3.0, "", False, None, {"satisfaction": 5, "undone_at": datetime(2026, 11, 6, tzinfo=UTC)}),
    ((11, 6, 9, 0), 3.0, "", False, None, None),
]


@pytest.fixture
def tenant(db: None) -> Tenant:
    made = make_tenant("casa-lua")
    with scope(made.id):
        channel, contact = Channel.objects.create(name="Suporte"), Contact.objects.create(name="Mariana")
        themes = {name: Theme.objects.create(name=name) for name in ("Entrega", "Pix")}
        for number, ((month, day, hour, minute), score, theme, resolved, rating, correction) in enumerate(ROWS):
            at = datetime(2026, month, day, hour, minute, tzinfo=ZONE)
            conversation = Conversation.objects.create(
                channel=channel, contact=contact, chat_key=str(number), started_at=at, last_message_at=at, rating=rating
            )
            analysis = ConversationAnalysis.objects.create(
                conversation=conversation, analyser="quick", analyser_version="1", analysed_at=at, revision=1, score=score,
                satisfaction=rating or int(score + 0.5), theme=themes.get(theme), is_resolved=resolved,
            )  # fmt: skip
            if correction is not None:
                fields = dict(correction)
                if "theme" in fields:
                    fields |= {"corrects_theme": True, "theme": themes[str(fields["theme"])]}
                Correction.objects.create(
                    conversation=conversation, made_at=timezone.now(), revision=1, analyser="quick", analyser_version="1",
                    machine_score=analysis.score, machine_theme=analysis.theme, machine_is_resolved=analysis.is_resolved, **fields,
                )  # fmt: skip
    return made


def report(tenant: Tenant, since: date | None = None) -> list[Month]:
    with scope(tenant.id):
        return report_agreement(since=since)


def test_a_month_counts_what_customers_typed_and_what_the_team_put_right(tenant: Tenant) -> None:
    november, october = report(tenant)
    assert (november.on, november.analysed, november.corrected) == (date(2026, 11, 1), 6, 3)
    # 1.4 is rounded to 1, and the customer typed 2; 4.6 is 5: errors 0.6 and 0.4.
    assert (november.ratings.count, november.ratings.share_equal, november.ratings.mean_error) == (2, 50.0, 0.5)
    # 3.0 against 4, 1.4 against 1: errors 1.0 and 0.4.
    assert (november.corrections.count, november.corrections.share_equal, november.corrections.mean_error) == (2, 50.0, 0.7)
    assert (november.theme.count, november.theme.share_equal) == (1, 0.0)
    assert (november.resolved.count, november.resolved.share_equal) == (1, 0.0)
    assert {name: (one.count, one.share_equal, one.mean_error) for name, one in november.by_theme.items()} == {
        "": (1, 0.0, 0.6), "Entrega": (2, 50.0, 0.7), "Pix": (1, 100.0, 0.4),
    }  # fmt: skip
    # The conversation of 23:30 on the last of October is November's in UTC, and October's in the shop.
    assert (october.on, october.analysed, october.ratings.mean_error) == (date(2026, 10, 1), 1, 0.4)
    assert (october.corrections.share_equal, october.corrections.mean_error) == (None, None)


def test_older_months_can_be_left_out(tenant: Tenant) -> None:
    assert [month.on for month in report(tenant, since=date(2026, 11, 20))] == [date(2026, 11, 1)]


def test_where_nobody_said_anything_there_is_no_month(tenant: Tenant) -> None:
    assert report(make_tenant("casa-sol")) == []
