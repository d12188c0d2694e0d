"""What a password must be (handbook 1.9: length, classes of signs, neither user name nor phone, none of the last ones)."""

import secrets
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS
from accounts.choices.signing import CLASSES, LONGEST, REMEMBERED, SHORTEST, SHORTEST_OF_HANDS
from gridgov.core.errors import YES, Faults, Verdict

if TYPE_CHECKING:
    from accounts.models import User

# Signs that are read aloud and copied by hand.
_LOWER, _UPPER, _DIGITS, _MARKS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.+"
# A part of the phone's number as long as this is the phone's number.
_OF_PHONE = 7
_OF_NAME = 3


class HousePassword:
    """For AUTH_PASSWORD_VALIDATORS: Django asks it wherever somebody chooses a password."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        """Raises ValidationError with all that is wrong."""
        if faults := faults_of(password, user):
            raise ValidationError(faults)

    def get_help_text(self) -> str:
        return _t(
            "At least %(short)d characters (administrators: %(hands)d), of three of these four: capital letters, small letters, "
            "digits, other signs. Neither the user name nor the phone number in it, and none of the last %(last)d passwords."
        ) % {"short": SHORTEST, "hands": SHORTEST_OF_HANDS, "last": REMEMBERED}


def faults_of(password: str, user: "User | None") -> list[str]:
    """What is wrong with PASSWORD for USER; letters of other scripts are other signs."""
    faults = []
    short = shortest_of(user)
    if len(password) < short:
        faults.append(_t("It has at least %(short)d characters.") % {"short": short})
    if len(password) > LONGEST:
        faults.append(_t("It has at most %(long)d characters.") % {"long": LONGEST})
    if classes_of(password) < CLASSES:
        faults.append(_t("It is of three of these four: capital letters, small letters, digits, other signs."))
    if user is not None and _tells(password, user):
        faults.append(_t("It does not contain the user name or the phone number."))
    return faults


def shortest_of(user: "User | None") -> int:
    return SHORTEST_OF_HANDS if user is not None and user.role in ADMIN_HANDS else SHORTEST


def classes_of(password: str) -> int:
    """Of how many of the four classes its signs are."""
    ascii_ = [sign for sign in password if sign.isascii()]
    return sum(
        (
            any(sign.islower() for sign in ascii_),
            any(sign.isupper() for sign in ascii_),
            any(sign.isdigit() for sign in ascii_),
            any(not sign.isascii() or not sign.isalnum() for sign in password),
        )
    )


def _tells(password: str, user: "User") -> bool:
    said = unicodedata.normalize("NFKC", password).casefold()
    name = user.username.casefold()
    phone = "".join(sign for sign in user.phone if sign.isdigit())
    return (len(name) >= _OF_NAME and name in said) or (len(phone) >= _OF_PHONE and phone[-_OF_PHONE:] in said)


def is_new(again: bool) -> Verdict:
    """AGAIN: whether it is one of the last ones."""
    if not again:
        return YES
    message = _("This is one of your last %(last)d passwords. Choose another one.") % {"last": REMEMBERED}
    return Verdict(Faults({"password": [message]}))


def drawn(length: int = 16) -> str:
    """A password that keeps all the rules, to be told once and changed by its owner."""
    while True:
        found = "".join(secrets.choice(_LOWER + _UPPER + _DIGITS + _MARKS) for _sign in range(length))
        if classes_of(found) == len((_LOWER, _UPPER, _DIGITS, _MARKS)):
            return found
