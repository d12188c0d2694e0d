"""manage.py backup --to FOLDER [--keep N]: database, files and manifest below FOLDER, while the house serves."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.backup.making import Busy, drop_old, make_backup
from gridgov.core.backup.tools import ToolFailed


class Command(BaseCommand):
    help = (
        "Back up the database and the files that its rows name into a new folder below FOLDER, while the house serves."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="where backups are kept")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="afterwards delete all but the latest N")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"].resolve()
        if options["keep"] < 0:
            raise CommandError("--keep")
        try:
            made, manifest = make_backup(folder, at=timezone.now(), say=self.stdout.write, clock=timezone.now)
        except Busy:
            raise CommandError(_("Another backup into %(folder)s is under way.") % {"folder": folder}) from None
        except (ToolFailed, OSError, DatabaseError) as error:
            raise CommandError(
                _("No backup was made, and the earlier ones are as they were: %(error)s") % {"error": error}
            ) from error
        words = {
            "folder": made, "rows": manifest.rows, "files": manifest.files, "linked": manifest.linked,
            "size": manifest.bytes >> 20,
        }  # fmt: skip
        self.stdout.write(
            _("%(folder)s: %(rows)d rows, %(files)d files of %(size)d MB (%(linked)d unchanged, linked).") % words
        )
        if manifest.missing:
            self.stdout.write(
                _("%(count)d files that rows name were not there: deleted meanwhile, or lost before.")
                % {"count": manifest.missing}
            )
        if options["keep"]:
            for name in drop_old(folder, options["keep"]):
                self.stdout.write(_("Deleted: %(name)s") % {"name": name})
        self.stdout.write(
            _(
                "It holds personal data in clear and can be read by its owner alone: keep it so, encrypt it before it leaves this "
                "machine, and keep the secret keys (%(keys)s) in another place; without them it can't be restored whole."
            )
            % {"keys": ", ".join(manifest.keys)}
        )
