from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from volunteers.reports.checking import ledger_faults


class Command(BaseCommand):
    help = "Reckon the ledgers of hours and points again from all their lines; exit status 1 on faults."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = ledger_faults()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(_("%(count)d faults in the ledgers.") % {"count": len(faults)})
        self.stdout.write(_("Every balance is what its lines add up to."))
