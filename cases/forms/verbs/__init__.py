"""What can be done with a case: every verb with its form, for the desk and for the phone."""

from cases.forms.verbs.next import next_verb, waiting
from cases.forms.verbs.of_case import NEXT, VERBS, add_photos

__all__ = ["NEXT", "VERBS", "add_photos", "next_verb", "waiting"]
