"""The lists of an administrator: the health of the numbers, what came, what went, whose phone is whose."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Channel, ChannelDay, ChannelOutage, GatewayConnection, OutgoingMessage, RawEvent, User, UserPhone
from core.tenancy import scope, unscoped_directory
from tests.cast import PASSWORD, Cast
from web.tests.test_admin_gateway import LIST, State, open_admin
from web.tests.test_admin_gateway import alice as alice
from web.tests.test_admin_gateway import queued as queued


class TestHealthAndLists:
    def test_the_list_shows_figures_and_says_what_to_do(self, cast: Cast, alice: Client) -> None:
        with scope(cast.tenant.id):
            channel = Channel.objects.get()
            GatewayConnection.objects.update(state=State.SILENT, last_event_at=timezone.now() - timedelta(hours=3))
            today = timezone.localdate(timezone=cast.tenant.zone)
            ChannelDay.objects.create(channel=channel, on=today, expected=12, received=9, recovered=2, missing=1)
            for number, state in enumerate(("waiting", "waiting", "failed")):
                RawEvent.objects.create(channel=channel, road="webhook", name="x", digest=str(number), body={}, state=state)
        shown = alice.get(LIST)
        [card] = shown.context["cards"]
        assert (card.tone, card.last_event, card.figures.waiting_events, card.figures.failed_events) == ("warn", "3\xa0hours ago", 2, 1)
        assert (card.figures.today.received, card.days[-1].tone, card.days[0].tone) == (9, "bad", "quiet")
        assert "Press “Restart”" in shown.content.decode()

    def test_a_day_that_nothing_vouches_for_is_not_shown_as_complete(self, cast: Cast, alice: Client) -> None:
        """By days ago: 5 complete, 4 with fewer in the gateway than came, 3 read before the channel was cut off, 2 empty."""
        now = timezone.now()
        today = timezone.localdate(timezone=cast.tenant.zone)
        with scope(cast.tenant.id):
            channel = Channel.objects.get()
            for ago, expected in ((5, 9), (4, 0), (3, 9)):
                day = {"on": today - timedelta(days=ago), "expected": expected, "received": 9, "checked_at": now - timedelta(days=3)}
                ChannelDay.objects.create(channel=channel, **day)
            ChannelOutage.objects.create(channel=channel, since_at=now - timedelta(days=3), until_at=now - timedelta(days=2))
        [card] = alice.get(LIST).context["cards"]
        assert [day.tone for day in card.days[-6:]] == ["good", "busy", "busy", "busy", "quiet", "quiet"]

    def test_a_tenant_without_numbers_is_told_what_to_do(self, cast: Cast, alice: Client) -> None:
        with scope(cast.tenant.id):
            GatewayConnection.objects.all().delete()
        shown = alice.get(LIST).content.decode()
        assert "Connect your first WhatsApp number" in shown
        assert f'href="{LIST}add/"' in shown

    def test_a_body_is_masked_and_as_it_came_only_for_the_tenants_administrator(self, cast: Cast, alice: Client) -> None:
        body = {"data": {"key": {"remoteJid": "5511988887777@s.whatsapp.net"}, "message": {"conversation": "meu CPF é 529.982.247-25"}}}
        with scope(cast.tenant.id):
            event = RawEvent.objects.create(channel=Channel.objects.get(), road="webhook", name="messages.upsert", digest="b", body=body)
        page = f"/admin/core/rawevent/{event.id}/change/"
        masked, bare = alice.get(page).content.decode(), alice.get(f"{page}?as_it_came").content.decode()
        assert ("[CPF]" in masked, "529.982" in masked, "5511988887777" in masked) == (True, False, False)
        assert ("529.982.247-25" in bare, "5511988887777" in bare) == (True, True)
        with unscoped_directory(reason="test"):
            root = User.objects.create_user("root@evosense.example", PASSWORD, name="Root")
        runs = open_admin(root)
        runs.get(f"/admin/core/tenant/{cast.tenant.id}/work-in", follow=True)
        seen = runs.get(f"{page}?as_it_came").content.decode()
        assert ("[CPF]" in seen, "529.982" in seen) == (True, False)

    @pytest.mark.django_db(transaction=True)
    def test_events_are_replayed_and_failed_messages_are_sent_again(
        self, queued: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tests.cast import make_cast

        notified: list[Any] = []
        monkeypatch.setattr("web.admin.inbox.notify", lambda *ids: notified.append(ids))
        cast = make_cast()
        alice = open_admin(cast.alice)
        with scope(cast.tenant.id):
            channel = Channel.objects.get()
            event = RawEvent.objects.create(channel=channel, road="webhook", name="x", digest="r", body={}, state="failed", reason="no")
            failed = {"channel": channel, "to": "5511988887777", "state": "failed", "error": "offline", "attempts": 5}
            answer = OutgoingMessage.objects.create(purpose="answer", key="a", not_before_at=timezone.now(), **failed)
            code = OutgoingMessage.objects.create(purpose="code", key="c", not_before_at=timezone.now(), text="482913", **failed)
        alice.post("/admin/core/rawevent/", {"action": "replay_chosen", "_selected_action": [str(event.id)]})
        alice.post("/admin/core/outgoingmessage/", {"action": "send_again", "_selected_action": [str(answer.id), str(code.id)]})
        assert "482913" not in alice.get(f"/admin/core/outgoingmessage/{code.id}/change/").content.decode()
        with scope(cast.tenant.id):
            event.refresh_from_db()
            answer.refresh_from_db()
            code.refresh_from_db()
        assert (event.state, event.reason, notified) == ("waiting", "", [(cast.tenant.id, channel.id)])
        assert (answer.state, answer.error, answer.attempts, code.state) == ("waiting", "", 0, "failed")
        assert queued == [("bots.tasks.task_send", str(cast.tenant.id))]

    def test_a_phone_can_be_taken_away_and_not_made(self, cast: Cast, alice: Client) -> None:
        with scope(cast.tenant.id):
            phone = UserPhone.objects.get()
        assert alice.get("/admin/core/userphone/add/").status_code == 403
        alice.post(f"/admin/core/userphone/{phone.id}/delete/", {"post": "yes"})
        with scope(cast.tenant.id):
            assert UserPhone.objects.count() == 0

    def test_nothing_of_another_tenants_number_is_reached(self, cast: Cast, alice: Client) -> None:
        with scope(cast.other_tenant.id):
            theirs = GatewayConnection.objects.get()
        assert alice.get(f"{LIST}{theirs.id}/live/").status_code == 404
        for deed in ("show-code", "test", "restart", "log-out", "new-address", "set-up-again", "read-back", "send-test"):
            assert alice.post(f"{LIST}{theirs.id}/do/{deed}/").status_code == 404
        bob = open_admin(cast.bob)
        assert bob.get(f"{LIST}{theirs.id}/live/").status_code == 302
        with scope(cast.other_tenant.id):
            assert GatewayConnection.objects.get().hook_nonce == "nonce"
