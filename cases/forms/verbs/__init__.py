"""What can be done with a case: every verb with its form, for the desk and for the phone."""

from cases.forms.verbs.next import next_verb, waiting
from cases.forms.verbs.of_case import NEXT, VERBS, add_photos

BY_VERB = {verb.name: verb for verb in VERBS}

__all__ = ["BY_VERB", "NEXT", "VERBS", "add_photos", "next_verb", "waiting"]
