"""The forms with which an administrator connects a number and changes its connection. Keys go in and never come out."""

import re
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from core.models import Channel, GatewayConnection
from core.phones import canonical_phone
from ingestion.evolution.addresses import clean_base_url
from ingestion.evolution.errors import GatewayError
from web.admin.gateway_setup import Wanted

NEW, EXISTING = "new", "existing"
STORED_SETTINGS = ("uses_webhook", "uses_socket", "reads_groups", "answers_people", "messages_per_minute")
_SHORTEST_PHONE, _LONGEST_PHONE = 8, 15


class SecretWidget(UnfoldAdminTextInputWidget):
    """A key: hidden while it is typed, never filled in, kept by no browser."""

    input_type = "password"

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password", "spellcheck": "false"})

    def format_value(self, value: Any) -> None:
        return None


class AddressField(forms.CharField):
    """A gateway's address in the form in which it is stored."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "url", "placeholder": "https://evolution.example.com", "autocomplete": "off"}
        super().__init__(max_length=200, widget=UnfoldAdminTextInputWidget(attrs=attrs), **options)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value)).strip()
        if address and "://" not in address:
            address = f"https://{address}"
        # The address is often copied from the manager's page.
        address = re.sub(r"/manager(/.*)?$", "", address)
        try:
            return clean_base_url(address)
        except GatewayError as error:
            raise forms.ValidationError(
                _("Enter the gateway's address, such as https://evolution.example.com, without user and password.")
            ) from error


class ConnectForm(forms.Form):
    """A number that is to be connected."""

    name = forms.CharField(
        label=_("Name of the number"),
        max_length=80,
        help_text=_("How your team calls it, such as “Support” or “Downtown shop”. Answers and figures name it like this."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    base_url = AddressField(
        label=_("Gateway address"), help_text=_("Where your Evolution API runs. Whoever set it up for you knows the address.")
    )
    way = forms.ChoiceField(choices=[(NEW, NEW), (EXISTING, EXISTING)], initial=NEW)
    instance = forms.CharField(
        label=_("Instance name"),
        max_length=80,
        required=False,
        help_text=_("How the gateway calls this number. For a new one you may leave it empty: it is made from the name."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    key = forms.CharField(label=_("Key"), max_length=300, widget=SecretWidget())
    uses_webhook = forms.BooleanField(
        label=_("Receive by webhook"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("The gateway posts each event to this installation, and tries again while it does not answer."),
    )
    uses_socket = forms.BooleanField(
        label=_("Listen by WebSocket"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("We keep a line open to the gateway. Both together lose least; nothing is counted twice."),
    )
    reads_groups = forms.BooleanField(
        label=_("Read groups"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("Conversations in WhatsApp groups are read as well. Off is right for most shops."),
    )
    replaces_webhook = forms.BooleanField(
        label=_("Replace its webhook"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("For an instance that posts to another system today: that system gets nothing any more."),
    )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Channel.objects.filter(name=name).exists():
            raise forms.ValidationError(_("You have a channel of this name already. Choose another name."))
        return name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        instance = str(data.get("instance") or "").strip()
        if not instance and data.get("way") == NEW:
            # Without a name, that is what is complained about.
            instance = slugify(data["name"])[:80] if "name" in data else "x"
        if not instance:
            self.add_error("instance", gettext("Enter the name that the gateway gives this instance."))
        elif data.get("way") == NEW and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", instance):
            self.add_error("instance", gettext("Use letters without accents, digits, hyphens and underscores."))
        elif GatewayConnection.objects.filter(base_url=data.get("base_url"), instance=instance).exists():
            self.add_error("instance", gettext("This instance is connected already. You find it in the list of numbers."))
        if not data.get("uses_webhook") and not data.get("uses_socket"):
            self.add_error("uses_webhook", gettext("Leave one of the two on: nothing arrives without."))
        data["instance"] = instance
        return data

    def get_wanted(self) -> Wanted:
        """What was asked for, once the form is valid."""
        data = self.cleaned_data
        names = ("name", "base_url", "instance", "uses_webhook", "uses_socket", "reads_groups", "replaces_webhook")
        return Wanted(is_new=data["way"] == NEW, key=data["key"].strip(), **{name: data[name] for name in names})


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What may be changed of a connection. An empty key leaves the stored one."""

    name = forms.CharField(label=_("Name of the number"), max_length=80, widget=UnfoldAdminTextInputWidget())
    base_url = AddressField(label=_("Gateway address"))
    key = forms.CharField(
        label=_("New key of the instance"),
        max_length=300,
        required=False,
        widget=SecretWidget(),
        help_text=_("The stored key is never shown. Leave this empty to keep it; a new address needs it again."),
    )

    class Meta:
        model = GatewayConnection
        fields = STORED_SETTINGS
        widgets = {
            **{name: UnfoldBooleanSwitchWidget() for name in ("uses_webhook", "uses_socket", "reads_groups", "answers_people")},
            "messages_per_minute": UnfoldAdminIntegerFieldWidget(attrs={"min": 1, "max": 600}),
        }

    field_order = ("name", "base_url", "key", "uses_webhook", "uses_socket", "reads_groups", "answers_people", "messages_per_minute")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {**self.initial, "name": self.instance.channel.name, "base_url": self.instance.base_url}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Channel.objects.filter(name=name).exclude(id=self.instance.channel_id).exists():
            raise forms.ValidationError(_("You have a channel of this name already. Choose another name."))
        return name

    def clean_messages_per_minute(self) -> int:
        return min(600, max(1, int(self.cleaned_data["messages_per_minute"])))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        # A stored key goes to the address that it was entered for, and to no other.
        if "base_url" in self.changed_data and data.get("base_url") != self.initial["base_url"] and not data.get("key"):
            self.add_error("key", gettext("Enter the key together with a new address: the stored one is only sent where it belongs."))
        if not data.get("uses_webhook") and not data.get("uses_socket"):
            self.add_error("uses_webhook", gettext("Leave one of the two on: nothing arrives without."))
        return data

    @property
    def changes_gateway(self) -> bool:
        """Whether the gateway has to be told."""
        return bool({"base_url", "key", "uses_webhook", "uses_socket", "reads_groups"} & set(self.changed_data))


class NumberForm(forms.Form):
    """A phone number to write to."""

    number = forms.CharField(
        label=_("Phone"),
        max_length=30,
        help_text=_("With country and area code, such as 55 11 99999-0000."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "tel", "autocomplete": "tel", "placeholder": "55 11 99999-0000"}),
    )

    def __init__(self, *args: Any, own_phone: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._own_phone = own_phone

    def clean_number(self) -> str:
        phone = complete_phone(str(self.cleaned_data["number"]), own_phone=self._own_phone)
        if not _SHORTEST_PHONE <= len(phone) <= _LONGEST_PHONE:
            raise forms.ValidationError(_("Enter the whole number with country and area code, such as 55 11 99999-0000."))
        return phone


def complete_phone(written: str, *, own_phone: str) -> str:
    """The digits of a number in their canonical form. Beside a Brazilian number one of ten or eleven digits lacks Brazil's code."""
    phone = canonical_phone(written)
    if own_phone.startswith("55") and len(phone) in (10, 11) and not written.strip().startswith("+"):
        return canonical_phone(f"55{phone}")
    return phone
