"""What the pages of proposed themes show, and the forms on them."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from core.discovery import NewGroup, Size
from core.discovery.words import get_stems
from core.models import ConversationAnalysis, Message, Theme, ThemeProposal, ThemeSearch
from core.privacy import mask
from ingestion.themes.proposals import suggest_examples

LISTED = 60
QUOTES = 3
LIKE = 2  # words that a proposal shares with a theme, from which on it is said to look like it
# A search that has not ended after this long has died with its worker; the next one comes by itself.
LOST = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A proposal as the list shows it."""

    proposal: ThemeProposal
    quotes: list[str]
    growth: str
    tone: str
    like: Theme | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that a proposal falls into."""

    name: str
    words: tuple[str, ...]
    size: int
    quotes: list[str]


class ApproveForm(forms.Form):
    """The theme that is made of a proposal."""

    name = forms.CharField(label=_("name"), max_length=80, widget=UnfoldAdminTextInputWidget)
    examples = forms.CharField(
        label=_("examples"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 7}),
        help_text=_("One sentence a line: what customers write when it is about this. Take out what does not belong to it."),
    )

    @classmethod
    def make(cls, proposal: ThemeProposal) -> "ApproveForm":
        """The form, filled with the proposal's name and typical sentences."""
        return cls(initial={"name": proposal.name, "examples": "\n".join(suggest_examples(proposal))})


class RenameForm(forms.Form):
    """A name of a person's own."""

    name = forms.CharField(label=_("name"), max_length=80, widget=UnfoldAdminTextInputWidget(attrs={"id": "id_new_name"}))


class MergeForm(forms.Form):
    """The theme that takes a proposal's conversations."""

    theme = forms.ChoiceField(label=_("theme"), widget=UnfoldAdminSelectWidget)

    @classmethod
    def make(cls, proposal: ThemeProposal) -> "MergeForm":
        """The form, the theme that looks like the proposal chosen."""
        themes = list(Theme.objects.filter(is_active=True))
        like = find_like(proposal, themes)
        form = cls(initial={"theme": str(like.id)} if like else None)
        field = form.fields["theme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(theme.id), theme.name) for theme in themes]
        return form


def describe_list(state: str) -> dict[str, Any]:
    """What the list shows: proposals in a state, and how the search stands."""
    proposals = list(ThemeProposal.objects.filter(state=state)[:LISTED])
    ids = [one for proposal in proposals for one in proposal.example_ids]
    texts = _read_texts(ids)
    themes = list(Theme.objects.filter(is_active=True))
    search = ThemeSearch.objects.first()
    is_looking = is_under_way(search)
    return {
        "cards": [_make_card(proposal, texts, themes) for proposal in proposals],
        "themes": themes,
        "is_open": state == ThemeProposal.State.OPEN,
        "dismissed": ThemeProposal.objects.filter(state=ThemeProposal.State.DISMISSED).count(),
        "search": search,
        "is_looking": is_looking,
        "is_reading": bool(search and search.is_reading),
        "said": say_search(search),
        "advice": say_advice(search),
    }


def is_under_way(search: ThemeSearch | None) -> bool:
    """Whether the worker looks, or was asked to just now."""
    if search is None:
        return False
    now = timezone.now()
    if search.asked_at is not None and search.asked_at > now - LOST:
        return True
    begun = search.started_at
    return begun is not None and begun > now - LOST and (search.finished_at is None or search.finished_at < begun)


def say_search(search: ThemeSearch | None) -> str:
    """What the last search came to."""
    if search is None or search.finished_at is None:
        return gettext("Nobody has looked yet.")
    return gettext(
        "Of %(waiting)s conversations of the last 90 days without a theme, %(grouped)s are about a subject that is proposed here."
    ) % {
        "waiting": search.waiting,
        "grouped": search.grouped,
    }


def say_advice(search: ThemeSearch | None) -> str:
    """What to do where nothing is proposed."""
    if not ConversationAnalysis.objects.filter(is_current=True).exists():
        return gettext("No conversation is analysed yet: connect a WhatsApp number, or read an exported chat.")
    if search is None or search.finished_at is None:
        return gettext("Press “Look now”. Afterwards it is looked for once a day by itself.")
    size = Size()
    return gettext(
        "Your list of themes covers what your customers talk about, or what is left is too various: a subject is proposed where at least"
        " %(talks)s conversations of %(customers)s customers are about it. It is looked for again every day."
    ) % {"talks": size.talks, "customers": size.customers}


def describe_part(part: NewGroup) -> Part:
    """A part as the page of splitting shows it."""
    texts = _read_texts(part.example_ids)
    quotes = [texts[one] for one in part.example_ids if one in texts][:QUOTES]
    return Part(name=part.name or "–", words=part.words, size=len(part.talks), quotes=quotes)


def find_like(proposal: ThemeProposal, themes: list[Theme]) -> Theme | None:
    """The theme whose name and examples share most words with a proposal, where they are LIKE at least."""
    said = get_stems(" . ".join(proposal.words))
    shared = {theme.id: len(said & get_stems(" . ".join([theme.name, *theme.examples]))) for theme in themes}
    best = max(themes, key=lambda theme: (shared[theme.id], theme.name), default=None)
    return best if best is not None and shared[best.id] >= LIKE else None


def _make_card(proposal: ThemeProposal, texts: dict[uuid.UUID, str], themes: list[Theme]) -> Card:
    tone = "warn" if proposal.recent > proposal.before else "quiet"
    growth = gettext("%(recent)s in the last four weeks, %(before)s in the four before") % {
        "recent": proposal.recent,
        "before": proposal.before,
    }
    return Card(
        proposal=proposal,
        quotes=[texts[one] for one in proposal.example_ids if one in texts][:QUOTES],
        growth=growth,
        tone=tone,
        like=find_like(proposal, themes),
    )


def _read_texts(ids: "list[uuid.UUID] | tuple[uuid.UUID, ...]") -> dict[uuid.UUID, str]:
    """Message → its text, masked; what was deleted or emptied since is left out."""
    rows = Message.objects.filter(id__in=ids, is_deleted=False).exclude(text="").values_list("id", "text")
    return {message_id: mask(text).text for message_id, text in rows}
