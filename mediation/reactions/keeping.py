"""What is kept of disputes and of those who mediate, and looks into files."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from mediation.actions.volume import drop_volumes
from mediation.models import Helper
from mediation.reports import keeping as kept

keeps(
    Kind(
        "mediation.party",
        _("files of disputes: parties, what they said and signed"),
        purpose=_("to mediate, and to prove what was agreed"),
        basis=_("statutory duty, and the parties' consent (People's Mediation Law; PIPL 13 I 1, 3)"),
        where=_("in the file and its volume"),
        seen_by=_("the mediators of the file and the committee's director, nobody else; each look is recorded"),
        term=Term(
            None,
            _("ten years, thirty years or for good, as the volume says"),
            _("Archives Law; rules of the judicial office on mediation volumes"),
        ),
        sensitive=True,
        public=True,
        confidential=True,
        ways=Ways(
            find=kept.parties_of,
            label=lambda row: str(row.mediation_id),
            page="mediation_mediation",
            unerasable=_("A volume is kept by law; its keeper answers what stands in it."),
        ),
    )
)
keeps(
    Kind(
        "mediation.volume",
        _("exported volumes of disputes"),
        purpose=_("to hand a volume over"),
        basis=_("as the file itself"),
        where=_("a file on the server's disk"),
        seen_by=_("whoever asked for it"),
        term=Term(1, _("after it was asked for"), _("the shortest that a download needs")),
        sensitive=True,
        going=Going("mediation.drop_volumes", drop_volumes, kept.volumes_due, "expires_at"),
    )
)
keeps(
    Kind(
        "mediation.helper",
        _("helpers who are invited to a dispute"),
        purpose=_("to mediate, and to prove what was agreed"),
        basis=_("as the file itself"),
        where=_("in the file and its volume"),
        seen_by=_("the mediators of the file and the committee's director, nobody else; each look is recorded"),
        term=Term(None, _("ten years, thirty years or for good, as the volume says"), _("as the file itself")),
        confidential=True,
        ways=Ways(
            find=lambda person: Helper.objects.about_phone(person.phone),
            unerasable=_("A volume is kept by law; its keeper answers what stands in it."),
        ),
    )
)
_MEDIATING: dict[str, Any] = {
    "purpose": _("to know who can mediate or be asked"), "basis": _("necessary for the office (PIPL 13 I 2, 3)"),
    "where": _("in the lists of mediators and experts"), "seen_by": _("those who work on that ground; phones those who mediate"),
    "term": Term(None, _("as long as they mediate, then with the volumes they signed"), _("volumes name who mediated")),
}  # fmt: skip
keeps(
    Kind(
        "mediation.mediator",
        _("mediators"),
        **_MEDIATING,
        ways=Ways(
            find=kept.mediators_of,
            copy=kept.copy_of_person,
            page="mediation_mediator",
            unerasable=_("Volumes name who mediated."),
        ),
    )
)
keeps(
    Kind(
        "mediation.expert",
        _("experts who are asked"),
        **_MEDIATING,
        ways=Ways(
            find=kept.experts_of,
            copy=kept.copy_of_person,
            page="mediation_expert",
            unerasable=_("Volumes name who was asked."),
        ),
    )
)
looks(Look("mediation.looked", named=kept.numbers_of))
