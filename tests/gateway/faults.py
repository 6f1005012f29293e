"""How the stand-in is set up, what goes wrong on purpose, and the tally of what went wrong: tests add up both sides."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Road = Literal["socket", "webhook"]


@dataclass(slots=True, kw_only=True)
class Options:
    """What the real gateway reads from its environment. Every wait is in seconds and short, the real ones being minutes."""

    version: str = "2.3.7"  # "2.3.0", "2.3.4", "2.3.6", "2.3.7" or "2.4.0": how hidden ids and poll votes are told
    api_key: str = "chave-global"
    exposes_tokens: bool = False  # `apikey` of every event: the instance's token, else null
    utc_offset_hours: int = -3  # `date_time` is local time with a false Z
    global_socket: bool = False  # every event of every instance on the namespace "/" too, whatever is subscribed to
    tells_contacts: bool = True  # a contacts.upsert or contacts.update with almost every message
    announces_start: bool = False  # open instances tell "open" when the gateway starts, which makes their namespaces
    delay_scale: float = 1.0  # of the `delay` that senders ask for
    ack_delay_seconds: float = 0.02  # between a send and SERVER_ACK, and from there to DELIVERY_ACK
    connect_wait_seconds: float = 0.02
    webhook_timeout_seconds: float = 5.0
    webhook_attempts: int = 10
    webhook_first_delay_seconds: float = 0.05
    webhook_longest_delay_seconds: float = 1.0
    webhook_jitter: float = 0.2
    webhook_concurrency: int = 32
    webhook_hard_statuses: list[int] = field(default_factory=lambda: [400, 401, 403, 404, 422])


@dataclass(slots=True, kw_only=True)
class RoadFaults:
    """Shares between 0 and 1 of the events of one road. Reordered ones leave up to `reorder_seconds` late."""

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    reorder_seconds: float = 0.5


@dataclass(slots=True, kw_only=True)
class Faults:
    """What goes wrong. Counts run down as they are used up; everything else stays until it is set anew."""

    seed: int = 1
    socket: RoadFaults = field(default_factory=RoadFaults)
    webhook: RoadFaults = field(default_factory=RoadFaults)
    events: list[str] = field(default_factory=list)  # names that the roads' faults concern; empty: all
    repeat: float = 0.0  # share of messages that WhatsApp hands over twice: two rows, two events
    late_namespace: int = 0  # emissions that a namespace needs to come into being, beyond the first; all are lost
    clock_error_seconds: int = 0  # added to `date_time`
    silent_instances: list[str] = field(default_factory=list)  # no event, though the connection says open; a restart heals it
    shuffles_ties: bool = True  # rows of one second come in another order on each page of findMessages
    edits_stall: bool = False  # an edit holds the instance's events up until its webhook was delivered or given up
    license_required: bool = False
    errors: int = 0  # API calls that are answered 500 without being done
    error_share: float = 0.0
    error_paths: list[str] = field(default_factory=list)  # beginnings of the paths that fail or are slow; empty: all
    slow_seconds: float = 0.0  # before each API call is done
    send_timeouts: int = 0  # sends that are done and never answered
    hang_seconds: float = 60.0  # how long "never" is
    ack_errors: int = 0  # sends whose acknowledgement is ERROR
    unknown_numbers: list[str] = field(default_factory=list)  # not on WhatsApp

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> "Faults":
        """Raise TypeError for a fault that there is not."""
        roads: dict[str, Any] = {name: RoadFaults(**item[name]) for name in ("socket", "webhook") if name in item}
        return cls(**{**item, **roads})

    @classmethod
    def both(cls, *, drop: float = 0.0, duplicate: float = 0.0, reorder: float = 0.0, **more: Any) -> "Faults":
        """The same shares on both roads, drawn separately."""
        shares = {"drop": drop, "duplicate": duplicate, "reorder": reorder}
        return cls(socket=RoadFaults(**shares), webhook=RoadFaults(**shares), **more)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class RoadTally:
    """What one road did since the gateway started or the tally was reset. Ids are those of messages, one for each event."""

    offered: int = 0  # events that the instance's settings let through
    delivered: int = 0  # emitted to a namespace, or answered 2xx
    lost_to_namespace: int = 0  # emitted before the namespace was there, or with nobody in it
    refused: int = 0  # webhooks given up at once for the status of the answer
    given_up: int = 0  # webhooks given up after the last attempt
    retried: int = 0
    dropped: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    socket: RoadTally = field(default_factory=RoadTally)
    webhook: RoadTally = field(default_factory=RoadTally)
    repeated: list[str] = field(default_factory=list)
    emitted: dict[str, int] = field(default_factory=dict)  # by event name, whatever the roads did with it
    sends_without_answer: list[str] = field(default_factory=list)
    marked_read: list[str] = field(default_factory=list)
