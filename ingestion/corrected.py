"""Conversations of the open scope whose theme a person put right, as an analyser learns from them: the newest of each theme."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping

from core.ai.roles import CorrectedTheme
from core.models import Correction, Message, Theme

NEWEST = 12  # corrections that are learned from, of those that name the same theme as right
MOST = 150  # of all themes together
MOST_LOOKED_AT = 600  # corrections among which those are looked for
MESSAGES = 8  # of each conversation, the first ones: what it is about is said early


def read_corrected(themes: Mapping[str, Theme]) -> list[tuple[uuid.UUID, CorrectedTheme]]:
    """Conversation and what was put right of its theme, the newest first. `themes` are those in use, by name.

    What was taken back is not among them, nor what says nothing of a theme in use.
    """
    names = {theme.id: name for name, theme in themes.items()}
    found = Correction.objects.filter(corrects_theme=True, undone_at__isnull=True).order_by("-made_at", "-id")
    counts: Counter[str | None] = Counter()
    kept: list[tuple[uuid.UUID, str | None, str | None]] = []
    for conversation_id, right_id, wrong_id in found.values_list("conversation_id", "theme_id", "machine_theme_id")[:MOST_LOOKED_AT]:
        right, wrong = names.get(right_id), names.get(wrong_id)
        if right == wrong or counts[right] >= NEWEST or len(kept) >= MOST:
            continue
        counts[right] += 1
        kept.append((conversation_id, right, wrong))
    if not kept:
        return []
    texts: dict[uuid.UUID | None, list[str]] = defaultdict(list)
    messages = Message.objects.filter(
        conversation__in=[one for one, _, _ in kept], author=Message.Author.CUSTOMER, is_deleted=False
    ).exclude(text="")
    messages = messages.exclude(kind=Message.Kind.REACTION).order_by("sent_at", "position")
    for conversation_id, text in messages.values_list("conversation_id", "text"):
        if len(texts[conversation_id]) < MESSAGES:
            texts[conversation_id].append(text)
    return [
        (conversation_id, CorrectedTheme(texts=tuple(texts[conversation_id]), right=right, wrong=wrong))
        for conversation_id, right, wrong in kept
        if texts[conversation_id]
    ]
