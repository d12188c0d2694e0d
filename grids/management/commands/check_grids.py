from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from grids.actions import mend_tree
from grids.reports import tree_faults


class Command(BaseCommand):
    help = "Compare the trees' numbers with their parent keys and the codes with their kinds; exit status 1 on faults."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="number the trees anew from the parent keys")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        if fix:
            mended = mend_tree(by=User.objects.system(), at=timezone.now())
            for tree, rows in mended.items():
                self.stdout.write(_("%(tree)s: %(rows)d rows numbered anew") % {"tree": tree, "rows": rows})
        faults = tree_faults()
        for fault in faults:
            self.stderr.write(f"{fault.model} {fault.pk} {fault.name}: {fault.message}")
        if faults:
            raise CommandError(_("%(count)d faults in the trees.") % {"count": len(faults)})
        self.stdout.write(_("The trees are whole."))
