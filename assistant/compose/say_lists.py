"""The words of answers that list: themes, messages, conversations."""

from collections import Counter

from assistant.compose.say_metric import say_nothing
from assistant.compose.voice import Voice
from assistant.compose.words import capitalise
from assistant.evidence import ConversationsEvidence, MessagesEvidence, ThemesEvidence, ThemeSize
from assistant.selection import is_ranked, sorts_by_growth

LISTED = 3


def say_themes(voice: Voice, evidence: ThemesEvidence) -> list[str]:
    """The largest theme with its share, the next ones, the one that grew most, and how much has no theme."""
    if not evidence.total:
        return say_nothing(voice, "conversations")
    book = voice.book
    total = book.count("rows.conversation", evidence.total)
    named = [size for size in evidence.themes if size.name is not None]
    if not named:
        return [book.sentence("themes.none", total=total, scope=voice.scope("conversations"), when=voice.when)]
    grown = sorts_by_growth(voice.plan) and evidence.previous_total > 0
    moved = [_say_grown(voice, evidence, named[0])] if grown else []
    if grown:
        named.sort(key=lambda size: -size.conversations)
    first, *others = named
    said = [
        *moved,
        book.sentence(
            f"themes.{'last' if voice.plan.order == 'asc' else f'first{find_kind(voice)}'}", name=first.name or "",
            n=voice.value("conversations", first.conversations), total=total, share=voice.value("csat", first.share),
            scope=_say_scope(voice), when=voice.when,
        ),
    ]  # fmt: skip
    if others:
        said.append(book.sentence(f"themes.then{'.one' if len(others) == 1 else ''}", list=list_sizes(voice, others[:LISTED])))
    said += ([] if grown else say_growth(voice, evidence)) + say_effect(voice, evidence)
    unnamed = next((size for size in evidence.themes if size.name is None), None)
    if unnamed is not None:
        said.append(capitalise(book.count("themes.unnamed", unnamed.conversations)))
    return said


def find_kind(voice: Voice) -> str:
    """Whether the themes are of complaints or of compliments, as the key of a phrase."""
    filters = voice.plan.filters
    if filters.satisfaction_max is not None and filters.satisfaction_max <= 2 and filters.satisfaction_min in (None, 1):
        return ".complaints"
    return ".compliments" if filters.satisfaction_min == 5 else ""


def _say_scope(voice: Voice) -> str:
    """The conditions without the note where the word for the list says it already."""
    return voice.scope("conversations", has_note=not find_kind(voice))


def list_sizes(voice: Voice, sizes: list[ThemeSize]) -> str:
    entries = [
        voice.book.say("group.entry.listed", name=size.name or "", value=voice.value("conversations", size.conversations)) for size in sizes
    ]
    return voice.book.join(entries)


def say_growth(voice: Voice, evidence: ThemesEvidence) -> list[str]:
    """The theme whose part grew most, where it is more than a wobble."""
    grown = [size for size in evidence.themes if size.mark is not None]
    if not grown:
        return []
    size = max(grown, key=lambda size: size.conversations - size.previous_share / 100 * evidence.total)
    return [_say_from_to(voice, evidence, size)]


def _say_grown(voice: Voice, evidence: ThemesEvidence, first: ThemeSize) -> str:
    """What grew most, wobble or not, since that was asked; or that nothing did."""
    if first.share <= first.previous_share:
        return voice.book.sentence("themes.none_grew", when_before=voice.name(evidence.compared).when)
    return _say_from_to(voice, evidence, first)


def _say_from_to(voice: Voice, evidence: ThemesEvidence, size: ThemeSize) -> str:
    before, now = voice.value("conversations", size.previous), voice.counted_plain(size.conversations)
    key = "themes.growth" if size.previous else "themes.new"
    return voice.book.sentence(key, name=size.name or "", before=before, now=now, when_before=voice.name(evidence.compared).when)


def say_effect(voice: Voice, evidence: ThemesEvidence) -> list[str]:
    """The theme that holds satisfaction down most, where one surely does."""
    if not evidence.pulls:
        return []
    pull = evidence.pulls[0]
    return [
        voice.book.sentence(
            "themes.effect", name=str(pull.key), value=voice.value("satisfaction", pull.value),
            effect=voice.change("satisfaction", pull.part), rows=voice.rows("satisfaction", pull.rows),
        )
    ]  # fmt: skip


def say_messages(voice: Voice, evidence: MessagesEvidence) -> list[str]:
    """How many were found, which are shown, and how many more say it in other words."""
    found, book = evidence.found, voice.book
    if not found.total:
        return [*say_nothing(voice, "messages"), *_say_near(voice, "messages", found.near)]
    kinds = {"kind": voice.kind("other"), "kind_one": voice.kind("one")}
    said = [capitalise(book.count("messages.found", found.total, scope=voice.scope("messages"), when=voice.when, **kinds))]
    if found.total > (shown := len(found.rows) - found.near):
        which = "ranked" if is_ranked(voice.plan) else "oldest" if voice.plan.order == "asc" else "newest"
        said.append(book.sentence(f"messages.{which}", shown=str(shown)))
    return [*said, *_say_near(voice, "messages", found.near)]


def _say_near(voice: Voice, what: str, near: int) -> list[str]:
    """That some rows of a list do not have the words: they are not counted."""
    return [capitalise(voice.book.count(f"{what}.near", near))] if near else []


def say_conversations(voice: Voice, evidence: ConversationsEvidence) -> list[str]:
    """How many there are, which are shown, and the one to open first."""
    found, book, plan = evidence.found, voice.book, voice.plan
    if not found.total:
        return [*say_nothing(voice, "conversations"), *_say_near(voice, "conversations", found.near)]
    said = [capitalise(book.count("conversations.found", found.total, scope=voice.scope("conversations"), when=voice.when))]
    is_waiting = plan.filters.status == "unanswered" and plan.order is None
    if found.total > (shown := len(found.rows) - found.near):
        which = {"asc": "worst", "desc": "best", None: "longest" if is_waiting else "ranked" if is_ranked(plan) else "newest"}[plan.order]
        said.append(book.sentence(f"conversations.{which}", shown=str(shown)))
    said += _say_near(voice, "conversations", found.near)
    first = found.rows[0]
    if is_waiting and found.total > 1:
        said.append(book.sentence("conversations.waiting", contact=first.contact, moment=voice.instant(first.last_message_at)))
    elif not is_waiting:
        noted = [row for row in found.rows if row.satisfaction is not None and row.found_by != "meaning"]
        lowest = min(noted, key=lambda row: row.satisfaction or 0, default=None)
        if lowest is not None and found.total > 1 and Counter(row.satisfaction for row in noted)[lowest.satisfaction] == 1:
            said.append(book.sentence("conversations.lowest", note=str(lowest.satisfaction), contact=lowest.contact))
    return said
