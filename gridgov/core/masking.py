"""How personal data looks to those who have not asked for it with a reason."""

import re
import unicodedata


def mask_phone(phone: str) -> str:
    """138****0001; short numbers keep their last two digits; already masked ones stay as they are."""
    if "*" in phone or not phone:
        return phone
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_name(name: str) -> str:
    """张*: the family name stays, so that a caller can be addressed."""
    return name[:1] + "*" * max(len(name) - 1, 0) if "*" not in name else name


# A mobile number however it is spaced, and an identity number of 18 or 15 places with a birthday in it. Bounded by
# non-digits, so that case numbers (14 digits) are none. Landlines of offices are meant to be read.
MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)")
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
IDENTITY = re.compile(rf"(?<!\d)(?:\d{{6}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dXx]|\d{{8}}{_DAY}\d{{3}})(?!\d)")


def names_somebody(text: str) -> bool:
    """Whether TEXT holds a mobile or an identity number that is not masked; full-width digits are digits, too."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(MOBILE.search(plain) or IDENTITY.search(plain))


def nameless(text: str, *who: str) -> str:
    """TEXT without the words WHO, where they are long enough to be somebody's."""
    for one in who:
        if len(one) > 1:
            text = text.replace(one, "*" * len(one))
    return text


def mask_text(text: str) -> str:
    """TEXT with the mobile and identity numbers in it masked: what leaves the house names nobody's."""

    def hide(found: re.Match[str]) -> str:
        return f"{found[0][:3]}****{found[0][-4:]}"

    return IDENTITY.sub(hide, MOBILE.sub(hide, text))
