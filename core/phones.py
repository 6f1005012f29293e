"""One form for each phone number, so that a customer who is written in two ways stays one customer; and whose of us a phone is.

Pure but for `find_verified_users`, which imports what it needs itself: parsers use this file where there is no Django.
"""

import uuid
from collections.abc import Iterable

# Brazilian mobile numbers have nine digits behind the area code and begin with 9; WhatsApp still knows many of them by the eight
# digits from before 2012–2016, and the gateway writes either form. A landline's eight digits begin with 2–5.
_COUNTRY = "55"
_FIRST_MOBILE_DIGITS = "6789"
# Before the digits of a WhatsApp id that stands for a phone which WhatsApp does not tell.
LID_PREFIX = "lid:"


def canonical_phone(phone: str) -> str:
    """The one form of a number given as digits with country code: Brazil's mobile numbers with their ninth digit.

    "551188887777" and "5511988887777" are the same phone and give "5511988887777"; landlines and other countries' numbers stay.
    Anything but digits is dropped first.
    """
    digits = "".join(character for character in phone if character.isdigit())
    if digits.startswith(_COUNTRY) and len(digits) == 12 and digits[4] in _FIRST_MOBILE_DIGITS:
        return f"{digits[:4]}9{digits[4:]}"
    return digits


def find_variants(phone: str) -> tuple[str, ...]:
    """Every form under which a number may be stored or sent, the canonical one first."""
    canonical = canonical_phone(phone)
    if canonical.startswith(_COUNTRY) and len(canonical) == 13 and canonical[4] == "9" and canonical[5] in _FIRST_MOBILE_DIGITS:
        return canonical, canonical[:4] + canonical[5:]
    return (canonical,)


def find_verified_users(chat_keys: Iterable[str]) -> dict[str, uuid.UUID]:
    """Whose of the open scope's people these chats are, by chat: a phone in its canonical form, or `lid:<digits>`. One query.

    Only phones that were verified count, and only people who may still sign in.
    """
    from django.db.models import Q

    from core.models import UserPhone

    keys = set(chat_keys)
    phones = {key for key in keys if key.isdigit()}
    lids = {key.removeprefix(LID_PREFIX) for key in keys if key.startswith(LID_PREFIX)} - {""}
    if not phones and not lids:
        return {}
    verified = UserPhone.objects.filter(Q(phone__in=phones) | Q(lid__in=lids), verified_at__isnull=False, user__is_active=True)
    found: dict[str, uuid.UUID] = {}
    for user_id, phone, lid in verified.order_by("verified_at").values_list("user_id", "phone", "lid"):
        if phone in phones:
            found[phone] = user_id
        if lid in lids:
            found[LID_PREFIX + lid] = user_id
    return found
