"""The register of impact assessments on paper, for whoever audits (PIPL 54, 56)."""

import datetime as dt
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gridgov.core import pdf
from privacy.reports.assessed import register


def register_paper(*, by: Any, at: dt.datetime) -> bytes:
    """All kinds of processing with the assessment in force, or that there is none; made for BY."""
    width = pdf.page_width()
    time = f"{localtime(at):%Y-%m-%d %H:%M}"
    mark = _("Made for %(name)s (%(account)s) at %(time)s. For official use; not to be passed on.") % {
        "name": by.full_name, "account": by.username, "time": time
    }  # fmt: skip
    story: list[Any] = [pdf.text(_("Register of impact assessments"), "title"), pdf.text(time, "quiet")]
    for line in register():
        story.append(pdf.text(line.title, "h2"))
        if line.row is None:
            story.append(
                pdf.text(
                    _("Missing: the law asks for one.") if line.needed else _("None; the law asks for none."), "body"
                )
            )
            continue
        row = line.row
        story.append(pdf.facts([
            (_("needed because"), line.why), (_("purpose and need"), row.purpose), (_("effect and risk"), row.effect),
            (_("protective measures"), row.measures), (_("risk that is left"), row.get_risk_display()),
            (_("assessed"), f"{row.by} {localtime(row.at):%Y-%m-%d}"), (_("to be reviewed on"), row.review_on.isoformat()),
        ], width))  # fmt: skip
    return pdf.document(story, title=_("Register of impact assessments"), footer=mark, watermark=mark)
