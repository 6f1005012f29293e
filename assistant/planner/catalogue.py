"""What a tenant has, as a question is read against it: its agents, channels, contacts and themes, findable by any word of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from assistant.planner.names import JOINING, NameIndex, NameKind
from assistant.planner.text import find_words
from assistant.planner.themes import ThemeIndex, find_concepts


class CatalogError(ValueError):
    """A catalogue that can not be read; says which field and what it should be."""


@dataclass(frozen=True)
class Catalog:
    """A tenant's names, spelled as the tenant spells them. `time_zone` is an IANA name."""

    tenant: str
    time_zone: str
    agents: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, raw: object) -> "Catalog":
        """Read `{tenant, time_zone, agents, channels, themes, contacts}`, or raise a CatalogError."""
        if not isinstance(raw, Mapping):
            raise CatalogError("the catalogue is not an object")
        zone = raw.get("time_zone")
        try:
            ZoneInfo(zone) if isinstance(zone, str) else None
        except (KeyError, ValueError, OSError):
            zone = None
        if not isinstance(zone, str):
            raise CatalogError(f"time_zone: {raw.get('time_zone')!r} is no IANA time zone such as America/Sao_Paulo")
        names: dict[str, tuple[str, ...]] = {}
        for key in ("agents", "channels", "themes", "contacts"):
            listed = raw.get(key, [])
            if not isinstance(listed, list | tuple) or not all(isinstance(name, str) and name.strip() for name in listed):
                raise CatalogError(f"{key}: {listed!r} is not a list of names")
            names[key] = tuple(dict.fromkeys(listed))
        tenant = raw.get("tenant", "")
        if not isinstance(tenant, str):
            raise CatalogError(f"tenant: {tenant!r} is not a name")
        return cls(tenant=tenant, time_zone=zone, **names)

    def find_names(self, kind: NameKind) -> tuple[str, ...]:
        return {"agent": self.agents, "channel": self.channels, "contact": self.contacts, "theme": self.themes}[kind]

    @cached_property
    def name_index(self) -> NameIndex:
        """Agents, channels and contacts by their words."""
        kinds: tuple[NameKind, ...] = ("agent", "channel", "contact")
        return NameIndex(((kind, name) for kind in kinds for name in self.find_names(kind)), alike=find_concepts)

    @cached_property
    def theme_index(self) -> ThemeIndex:
        return ThemeIndex(self.themes)

    @cached_property
    def tenant_words(self) -> frozenset[str]:
        """The words of the tenant's own name: asking about it is asking about everything."""
        return frozenset(find_words(self.tenant)) - JOINING
