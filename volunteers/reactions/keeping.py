"""What is kept about volunteers, and looks at who they are."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from volunteers.actions import forget_due, forget_volunteer
from volunteers.actions.privacy import move_forgetting
from volunteers.reports import keeping as kept

keeps(
    Kind(
        "volunteers.volunteer",
        _("volunteers: name, phone, birthday, guardian"),
        purpose=_("to know who helps, to insure them, to certify their hours"),
        basis=_("consent; of a child under 14 the guardian's (PIPL 13 I 1, 31)"),
        where=_("in the roster, masked; other volunteers read a nickname or a number"),
        seen_by=_("organisers of the ground they serve on, with a reason that is recorded"),
        term=Term(
            3 * 365,
            _("after they left; 30 days after a refusal, 180 after an application nobody answered"),
            _("certificates of hours are asked for later (Regulations on Volunteer Service 19)"),
            365,
            5 * 365,
        ),
        sensitive=True,
        public=True,
        consented=True,
        ways=Ways(
            find=kept.volunteers_of,
            label=lambda row: row.no,
            copy=kept.copy_of,
            page="volunteers_volunteer",
            erase=lambda row, by, at: forget_volunteer(volunteer=row, by=by, at=at),
            held="volunteers.volunteer",
        ),
        going=Going(
            "volunteers.forget",
            forget_due,
            kept.due_volunteers,
            "forget_at",
            lambda days: move_forgetting(days=days, by=User.objects.system()),
        ),
    )
)
keeps(
    Kind(
        "volunteers.ledger",
        _("hours and points of volunteers"),
        purpose=_("to certify what was done"),
        basis=_("consent, and the Regulations on Volunteer Service"),
        where=_("in two ledgers, under the volunteer's number"),
        seen_by=_("the volunteer, and organisers"),
        term=Term(
            None,
            _("for good, by the number; the name goes with the volunteer"),
            _("a ledger without lines proves nothing"),
        ),
        ways=Ways(unerasable=_("The number alone names nobody once the volunteer is forgotten.")),
    )
)
looks(Look("volunteers.revealed", counted=True, named=kept.numbers_of, own=kept.own_of))
