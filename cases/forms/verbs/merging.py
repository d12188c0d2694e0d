"""Merging and taking apart, the public reply, calls back: their buttons and forms."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, forms, rules
from cases.forms.verbs.table import in_table, on_case
from cases.models import Case
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb


def _may_merge(by: User, case: Case) -> Verdict:
    return rules.can_merge(by, case, leads_others=bool(case.merged_rows))  # type: ignore[attr-defined]


def _may_call_back(by: User, case: Case) -> Verdict:
    return rules.can_call_back(by, case, case.orders.all())


VERBS: tuple[Verb, ...] = (
    Verb(
        "call-back", _("Call back"), on_case(actions.call_back), forms.CallBackForm, in_table("call_back", _may_call_back),
        done=_("The call is noted."), icon="phone_callback", key="t", hint=_("Ask the reporter whether it is solved."),
    ),
    Verb(
        "reply", _("Public reply"), on_case(actions.set_reply), forms.ReplyForm,
        in_table("publish_reply", lambda by, case: rules.can_reply(by)), done=_("The reply stands."), icon="forum", key="y",
    ),
    Verb(
        "merge", _("Merge"), on_case(actions.merge_case), forms.MergeForm, in_table("merge", _may_merge),
        done=_("Merged; it follows its leading case now."), icon="call_merge",
        hint=_("The younger report goes into the older; its order is withdrawn, its reporter gets the same answer."),
    ),
    Verb(
        "unmerge", _("Take out"), on_case(actions.unmerge_case), forms.ReasonForm, in_table("unmerge", rules.can_unmerge),
        done=_("It stands on its own again; its clock runs on as if it had never stopped."), icon="call_split",
        hint=_("Another matter after all: it goes back to where it was. An order must be sent anew."),
    ),
)  # fmt: skip
