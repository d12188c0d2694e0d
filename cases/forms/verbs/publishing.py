"""Publishing a result and taking it back: the buttons and forms of a case's page."""

from django.utils.translation import gettext_lazy as _

from cases import actions, forms, rules
from cases.forms.verbs.table import in_table, on_case
from gridgov.core.verbs import Verb

VERBS: tuple[Verb, ...] = (
    Verb(
        "publish", _("Publish the result"), on_case(actions.publish_case), forms.PublishForm,
        in_table("publish", rules.can_publish), done=_("Everybody can read it now."), icon="public",
        hint=_("What came of it, for everybody and without a word about anybody. Look at what is marked before you send it."),
    ),
    Verb(
        "unpublish", _("Take the result back"), on_case(actions.unpublish_case), forms.ReasonForm,
        in_table("unpublish", rules.can_unpublish), done=_("Nobody can read it any more."), icon="unpublished", danger=True,
    ),
)  # fmt: skip
