"""When a file can become a volume."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.deeds import Retention
from mediation.choices.files import REASON_CHARS


def check_filing(retention: str, statement: str, lacks: Collection[str]) -> Verdict:
    """A volume is complete, or says in its STATEMENT why it LACKS something."""
    if retention not in Retention.values:
        return Verdict.reject(_("Kept for 5 years, 15 years or for ever."), field="retention")
    if len(statement.strip()) > REASON_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": REASON_CHARS}, field="statement")
    if lacks and not statement.strip():
        words = _("The volume lacks: %(gaps)s Add it, or say in the statement about the volume why it is missing.")
        return Verdict.reject(words % {"gaps": " ".join(lacks)}, "incomplete", field="statement")
    return YES
