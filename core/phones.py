"""One form for each phone number, so that a customer who is written in two ways stays one customer. Pure."""

# Brazilian mobile numbers have nine digits behind the area code and begin with 9; WhatsApp still knows many of them by the eight
# digits from before 2012–2016, and the gateway writes either form. A landline's eight digits begin with 2–5.
_COUNTRY = "55"
_FIRST_MOBILE_DIGITS = "6789"


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
