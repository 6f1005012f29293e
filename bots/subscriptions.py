"""What a person asked to be told without asking each time, and at which hours not."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.models import Subscription
from core.access import check_allowed
from core.errors import VisibleError
from core.models import User

Kind = Subscription.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One subscription as a person sets it. Hours are those of the company's time zone."""

    kind: str
    is_active: bool
    hour: int = 8
    quiet_from: int = 21
    quiet_until: int = 7


def find_wishes(viewer: User) -> list[Wish]:
    """Every kind, in its order, with what the viewer set or the default, which is off. Inside the open scope."""
    check_allowed(viewer, action="ask")
    kept = {row.kind: row for row in Subscription.objects.filter(user=viewer)}
    return [
        Wish(kind=kind, is_active=row.is_active, hour=row.hour, quiet_from=row.quiet_from, quiet_until=row.quiet_until)
        if (row := kept.get(kind)) is not None
        else Wish(kind=kind, is_active=False)
        for kind in Kind.values
    ]


def set_wishes(viewer: User, wishes: Sequence[Wish]) -> None:
    """Set these subscriptions of the viewer's; others stay. Inside the open scope. Raises VisibleError("invalid", "quiet_briefing")."""
    check_allowed(viewer, action="ask")
    for wish in wishes:
        if wish.kind not in Kind.values:
            raise VisibleError("invalid", field="kind", detail=", ".join(Kind.values))
        for name in ("hour", "quiet_from", "quiet_until"):
            if not 0 <= getattr(wish, name) <= 23:
                raise VisibleError("invalid", field=name, detail="0–23")
        if wish.kind == Kind.BRIEFING and wish.is_active and is_quiet_hour(wish.hour, wish.quiet_from, wish.quiet_until):
            raise VisibleError("quiet_briefing", field="hour")
        fields = {"is_active": wish.is_active, "hour": wish.hour, "quiet_from": wish.quiet_from, "quiet_until": wish.quiet_until}
        Subscription.objects.update_or_create(user=viewer, kind=wish.kind, defaults=fields)


def is_quiet_hour(hour: int, quiet_from: int, quiet_until: int) -> bool:
    """Whether an hour lies in the quiet ones. Pure. From and until the same hour: there are none."""
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
