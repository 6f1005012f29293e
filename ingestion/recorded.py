"""What became of a batch of messages or changes."""

import uuid
from dataclasses import dataclass, field


@dataclass(slots=True)
class Recorded:
    """What became of messages or changes. `conversation_ids` are the conversations whose messages are other ones than before."""

    new: int = 0
    known: int = 0
    updated: int = 0  # known, and brought up to date
    waiting: int = 0  # changes that are kept until their message comes
    conversation_ids: set[uuid.UUID] = field(default_factory=set)

    def add(self, other: "Recorded") -> None:
        """Count another batch in."""
        self.new, self.known, self.updated = self.new + other.new, self.known + other.known, self.updated + other.updated
        self.waiting += other.waiting
        self.conversation_ids |= other.conversation_ids
