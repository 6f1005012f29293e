"""Proposed themes in Django admin: what customers talk about that the list of themes lacks, and what a person makes of it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Theme, ThemeProposal, User
from core.tenancy import find_current_tenant_id, get_current_tenant_id
from ingestion.themes.proposals import (
    ProposalRefusedError,
    approve,
    bring_back,
    dismiss,
    find_parts,
    find_quotes,
    merge,
    merge_into_theme,
    rename,
    split,
)
from ingestion.themes.tasks import ask_for_search, queue_reading, queue_search
from web.admin.access import is_tenant_admin
from web.admin.health import ReadOnlyAdmin, render_in_local_time
from web.admin.proposal_pages import ApproveForm, MergeForm, RenameForm, describe_list, describe_part

State = ThemeProposal.State
REFUSALS = {
    "gone": _("That is not there any more."),
    "state": _("Somebody has decided about it meanwhile."),
    "name": _("A theme needs a name."),
    "taken": _("There is a theme of that name. Merge the proposal into it, or choose another name."),
    "few": _("Choose at least two proposals."),
    "whole": _("It holds together: no parts were found that are worth a theme of their own."),
}
QUOTES = 12


@admin.register(ThemeProposal)
class ThemeProposalAdmin(ReadOnlyAdmin):
    """Quotes of customers stand on these pages: only the tenant's own administrators see them."""

    def _may(self, request: HttpRequest) -> bool:
        return find_current_tenant_id() is not None and is_tenant_admin(request)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("look/", wrap(self.look_view), name="core_themeproposal_look"),
            path("merge/", wrap(self.merge_view), name="core_themeproposal_merge"),
            path("<uuid:object_id>/split/", wrap(self.split_view), name="core_themeproposal_split"),
            path("<uuid:object_id>/do/<slug:deed>/", wrap(self.deed_view), name="core_themeproposal_do"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What is proposed, or, with ?state=dismissed, what was turned down."""
        self._check_may(request)
        state = State.DISMISSED if request.GET.get("state") == State.DISMISSED else State.OPEN
        return self._render(request, "list", title=gettext("Proposed themes"), **describe_list(state))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One proposal: its quotes, and what can be made of it."""
        self._check_may(request)
        proposal = self._get(object_id)
        return self._render_proposal(request, proposal)

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """Have the worker look now."""
        self._check_may(request)
        if request.method == "POST":
            ask_for_search()
            tenant_id = get_current_tenant_id()
            transaction.on_commit(lambda: queue_search(tenant_id))
        return HttpResponseRedirect(self._get_list())

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Make one of the chosen proposals, or give them to a theme that there is."""
        self._check_may(request)
        if request.method == "POST":
            chosen = [one for one in request.POST.getlist("chosen") if _is_id(one)]
            theme_id = request.POST.get("theme", "")
            if theme_id:
                self._do(request, lambda: self._merge_into(request, chosen, theme_id))
            else:
                self._do(request, lambda: self._merge(request, chosen))
        return HttpResponseRedirect(self._get_list())

    def split_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Show the parts that a proposal falls into; make them on a press."""
        self._check_may(request)
        proposal = self._get(object_id)
        if request.method == "POST":
            self._do(request, lambda: self._split(request, proposal))
            return HttpResponseRedirect(self._get_list())
        parts = [describe_part(part) for part in find_parts(proposal)] if proposal.state == State.OPEN else []
        if len(parts) < 2:
            messages.info(request, str(REFUSALS["whole"]))
            return HttpResponseRedirect(self._get_page(proposal))
        return self._render(request, "split", title=str(proposal), proposal=proposal, parts=parts)

    def deed_view(self, request: HttpRequest, object_id: uuid.UUID, deed: str) -> HttpResponse:
        """Press one of a proposal's buttons."""
        self._check_may(request)
        proposal = self._get(object_id)
        if request.method != "POST" or deed not in DEEDS:
            return HttpResponseRedirect(self._get_page(proposal))
        if deed == "approve":
            form = ApproveForm(request.POST)
            if not form.is_valid():
                return self._render_proposal(request, proposal, approve_form=form)
        if not self._do(request, lambda: DEEDS[deed](self, request, proposal)):
            return HttpResponseRedirect(self._get_page(proposal))
        return HttpResponseRedirect(self._get_page(proposal) if deed in ("rename", "bring-back") else self._get_list())

    def approve(self, request: HttpRequest, proposal: ThemeProposal) -> str:
        form = ApproveForm(request.POST)
        form.full_clean()
        theme, taken = approve(
            proposal.id, name=form.cleaned_data["name"], examples=form.cleaned_data["examples"].splitlines(), user=_get_user(request)
        )
        self._read_again()
        self.log_change(request, proposal, gettext("Approved"))
        return gettext(
            "“%(theme)s” is a theme now. %(taken)s conversations have it from this moment on; the others without a theme are compared"
            " with it in the background, the newest first."
        ) % {"theme": theme.name, "taken": taken}

    def merge_one(self, request: HttpRequest, proposal: ThemeProposal) -> str:
        return self._merge_into(request, [str(proposal.id)], request.POST.get("theme", ""))

    def rename(self, request: HttpRequest, proposal: ThemeProposal) -> str:
        renamed = rename(proposal.id, name=request.POST.get("name", ""))
        self.log_change(request, proposal, gettext("Renamed"))
        return gettext("It is called “%(name)s” now.") % {"name": renamed.name}

    def dismiss(self, request: HttpRequest, proposal: ThemeProposal) -> str:
        dismiss(proposal.id, user=_get_user(request))
        self.log_change(request, proposal, gettext("Dismissed"))
        return gettext("“%(name)s” is not proposed any more, nor what is like it. You find it under “Dismissed”.") % {"name": proposal.name}

    def bring_back(self, request: HttpRequest, proposal: ThemeProposal) -> str:
        bring_back(proposal.id)
        self.log_change(request, proposal, gettext("Proposed again"))
        return gettext("“%(name)s” is proposed again.") % {"name": proposal.name}

    def _merge(self, request: HttpRequest, chosen: Sequence[str]) -> str:
        kept = merge(chosen, user=_get_user(request))
        self.log_change(request, kept, gettext("Merged"))
        return gettext("They are one proposal now: “%(name)s”.") % {"name": kept.name}

    def _merge_into(self, request: HttpRequest, chosen: Sequence[str], theme_id: str) -> str:
        if not chosen or not _is_id(theme_id):
            raise ProposalRefusedError("gone")
        theme, taken = merge_into_theme(chosen, theme_id, user=_get_user(request))
        self._read_again()
        self.log_change(request, theme, gettext("Proposals merged into it"))
        return gettext(
            "“%(theme)s” has %(taken)s conversations more from this moment on, and typical sentences as examples; the others without a"
            " theme are compared with it in the background, the newest first."
        ) % {"theme": theme.name, "taken": taken}

    def _split(self, request: HttpRequest, proposal: ThemeProposal) -> str:
        parts = split(proposal.id, user=_get_user(request))
        self.log_change(request, proposal, gettext("Split"))
        return gettext("It is %(count)s proposals now.") % {"count": len(parts)}

    def _read_again(self) -> None:
        tenant_id = get_current_tenant_id()
        transaction.on_commit(lambda: queue_reading(tenant_id))

    def _do(self, request: HttpRequest, work: Callable[[], str]) -> bool:
        """Do it and say what came of it, or why it was refused."""
        try:
            with transaction.atomic():
                said = work()
        except ProposalRefusedError as refused:
            messages.error(request, str(REFUSALS[refused.reason]))
            return False
        messages.success(request, said)
        return True

    def _render_proposal(self, request: HttpRequest, proposal: ThemeProposal, *, approve_form: ApproveForm | None = None) -> HttpResponse:
        return self._render(
            request,
            "proposal",
            title=str(proposal),
            proposal=proposal,
            is_open=proposal.state == State.OPEN,
            is_dismissed=proposal.state == State.DISMISSED,
            quotes=find_quotes(proposal, limit=QUOTES),
            approve_form=approve_form or ApproveForm.make(proposal),
            rename_form=RenameForm(initial={"name": proposal.name}),
            merge_form=MergeForm.make(proposal) if Theme.objects.filter(is_active=True).exists() else None,
        )

    def _get(self, object_id: str | uuid.UUID) -> ThemeProposal:
        proposal = ThemeProposal.objects.filter(id=object_id).first() if _is_id(object_id) else None
        if proposal is None:
            raise Http404
        return proposal

    def _check_may(self, request: HttpRequest) -> None:
        if not self._may(request):
            raise PermissionDenied

    def _get_list(self) -> str:
        return reverse("admin:core_themeproposal_changelist")

    def _get_page(self, proposal: ThemeProposal) -> str:
        return reverse("admin:core_themeproposal_change", args=[proposal.id])

    def _render(self, request: HttpRequest, page: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return render_in_local_time(TemplateResponse(request, f"admin/proposals/{page}.html", {**shared, **context}))


DEEDS: dict[str, Callable[[ThemeProposalAdmin, HttpRequest, ThemeProposal], str]] = {
    "approve": ThemeProposalAdmin.approve,
    "merge": ThemeProposalAdmin.merge_one,
    "rename": ThemeProposalAdmin.rename,
    "dismiss": ThemeProposalAdmin.dismiss,
    "bring-back": ThemeProposalAdmin.bring_back,
}


def _get_user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _is_id(text: object) -> bool:
    try:
        uuid.UUID(str(text))
    except ValueError:
        return False
    return True
