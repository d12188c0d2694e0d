"""Naming a stand-in, or who is away: in words that tell nobody what accounts there are."""

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict


def may_name(few: bool) -> Verdict:
    """FEW: whether only few were named in vain lately."""
    if few:
        return YES
    return Verdict.clash(
        _("Too many names were tried. Ask a colleague for the user name, and come back in an hour."), "many_names"
    )


def is_one(name: str, count: int) -> Verdict:
    """COUNT: how many of the name NAME can stand in."""
    if count == 1:
        return YES
    if count:
        message = _("Several people are called “%(name)s”. Please give the user name.")
    else:
        message = _(
            "Nobody called “%(name)s” can stand in: it takes the same role or a higher one; for unit staff, unit staff."
        )
    return Verdict.reject(message % {"name": name}, field="deputy")


def is_somebody(name: str, found: bool) -> Verdict:
    return YES if found else Verdict.reject(_("There is no account “%(name)s”.") % {"name": name}, field="user")
