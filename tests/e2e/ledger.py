"""The numbers that a page should show, by SQL written for the tests alone: none of the product's own queries is used.

Connected as the application's role, so that it sees what the tenant may see.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from core.project.embedded.home import Home

TIME_ZONE = "America/Sao_Paulo"
TENANT = "casa-aurora"
ANALYSED_WITHIN_SECONDS = 600
LOCAL = f"c.started_at AT TIME ZONE '{TIME_ZONE}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A running demo's database, one tenant of it."""

    home: Home

    @contextmanager
    def open(self) -> Iterator[psycopg.Connection]:
        """A transaction inside the demo tenant's scope."""
        url = json.loads(self.home.environment_file.read_text())["DATABASE_URL"]
        with psycopg.connect(url) as connection:
            connection.execute("SELECT set_config('evosense.directory', 'on', true)")
            found = connection.execute("SELECT id FROM core_tenant WHERE slug = %s", [TENANT]).fetchone()
            assert found is not None, "the demo tenant is not there"
            connection.execute(
                "SELECT set_config('evosense.directory', '', true), set_config('evosense.tenant_id', %s, true)", [str(found[0])]
            )
            yield connection

    def read(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with self.open() as connection:
            return connection.execute(statement, parameters).fetchall()

    def wait_until_analysed(self) -> None:
        """Wait until no conversation waits for its analysis."""
        deadline = time.monotonic() + ANALYSED_WITHIN_SECONDS
        while (waiting := self._count_waiting()) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert waiting == 0

    def forget_threads(self) -> None:
        """What people left is gone, threads, verified questions, corrections, and all speak Portuguese: as after the first start."""
        with self.open() as connection:
            for table in ("assistant_turnevent", "assistant_turn", "assistant_thread", "assistant_verifiedquestion", "core_correction"):
                connection.execute(f"DELETE FROM {table}")
        self.speak_portuguese()

    def speak_portuguese(self) -> None:
        """Everybody's page is in Portuguese."""
        with self.open() as connection:
            connection.execute("UPDATE core_user SET language = 'pt'")

    def read_today(self) -> date:
        """Today where the tenant is."""
        [(today,)] = self.read(f"SELECT (now() AT TIME ZONE '{TIME_ZONE}')::date")
        assert isinstance(today, date)
        return today

    def read_satisfaction(self, start: date, end: date) -> tuple[str, int]:
        """Mean satisfaction, to two decimals, and how many analysed conversations stand behind it."""
        [(mean, count)] = self.read(f"SELECT round(avg(a.satisfaction), 2)::text, count(*) {FROM_ANALYSED}", start, end)
        return mean, count

    def read_satisfaction_by(self, name: str, start: date, end: date) -> dict[str, tuple[str, int]]:
        """The same by the name of an agent or a channel; conversations without one under "–"."""
        rows = self.read(
            f"SELECT coalesce({name}.name, '–'), round(avg(a.satisfaction), 2)::text, count(*) {FROM_ANALYSED} GROUP BY 1", start, end
        )
        return {key: (mean, count) for key, mean, count in rows}

    def count_conversations(self, start: date, end: date) -> tuple[int, int]:
        """How many conversations began in a period, and how many of them are analysed."""
        [(conversations, analysed)] = self.read(
            f"SELECT count(*), count(a.id) FROM core_conversation c LEFT JOIN core_conversationanalysis a "
            f"ON a.conversation_id = c.id AND a.is_current WHERE ({LOCAL})::date BETWEEN %s AND %s",
            start,
            end,
        )
        return conversations, analysed

    def _count_waiting(self) -> int:
        [(count,)] = self.read(
            "SELECT count(*) FROM core_conversation c WHERE NOT EXISTS "
            "(SELECT 1 FROM core_conversationanalysis a WHERE a.conversation_id = c.id AND a.is_current)"
        )
        assert isinstance(count, int)
        return count


FROM_ANALYSED = f"""
FROM core_conversation c
JOIN core_conversationanalysis a ON a.conversation_id = c.id AND a.is_current
JOIN core_channel channel ON channel.id = c.channel_id
LEFT JOIN core_agent agent ON agent.id = c.agent_id
WHERE ({LOCAL})::date BETWEEN %s AND %s
"""
