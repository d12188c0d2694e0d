"""manage.py restore --from FOLDER: bring a backup back into an empty house, or try it in a database of its own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gridgov.core.backup.manifest import BadBackup, Manifest, backups_in
from gridgov.core.backup.restoring import Outcome, Refused, insist_ready, look, note, restore
from gridgov.core.backup.tools import ToolFailed
from gridgov.core.backup.trial import try_out


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty database and folder, and prove it by counts, hashes and the house's checks."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = "a backup, or the folder where they are kept: the latest"
        parser.add_argument("--from", required=True, type=Path, dest="folder", metavar="FOLDER", help=where)
        parser.add_argument("--into-used", action="store_true", help="in the place of what is here, which is gone then")
        parser.add_argument("--without-keys", action="store_true", help="although keys are lost that sealed something")
        parser.add_argument("--try", action="store_true", dest="trial", help="only try it, beside the house that runs")
        parser.add_argument("--files-in-place", action="store_true", help="verify the files where they lie, copy none")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = _chosen(options["folder"].resolve())
        try:
            manifest = look(folder, without_keys=options["without_keys"])
            if options["trial"]:
                self._try(folder, manifest, without_keys=options["without_keys"])
                return
            insist_ready(into_used=options["into_used"])
            self.stdout.write(
                _("%(folder)s: whole, of version %(version)s.") % {"folder": folder, "version": manifest.version}
            )
            found = restore(
                folder, manifest, into_used=options["into_used"], media=not options["files_in_place"], at=timezone.now(),
                say=self.stdout.write,
            )  # fmt: skip
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except BadBackup as error:
            raise CommandError(
                _("This is not a whole backup: %(error)s Nothing was changed.") % {"error": error}
            ) from None
        except (ToolFailed, OSError, DatabaseError) as error:
            raise CommandError(_("Not restored, nothing was changed: %(error)s") % {"error": error}) from error
        self._tell(found)

    def _try(self, folder: Path, manifest: Manifest, *, without_keys: bool) -> None:
        good, said = try_out(folder, without_keys=without_keys)
        with transaction.atomic():
            note(manifest, "core.backup_tried", faults=int(not good), at=timezone.now())
        if not good:
            raise CommandError(said)
        self.stdout.write(
            _("%(name)s can be restored: %(rows)d rows and %(files)d files came back whole.")
            % {"name": manifest.name, "rows": manifest.rows, "files": manifest.files}
        )

    def _tell(self, found: Outcome) -> None:
        manifest = found.manifest
        if found.faults:
            raise CommandError("\n".join([_("Restored, but not as the backup says:"), *found.faults]))
        words = {"rows": manifest.rows, "files": found.files, "seconds": found.seconds}
        self.stdout.write(
            _(
                "Restored: %(rows)d rows, %(files)d files; counts, hashes, records, figures, ledgers and grids hold (%(seconds).0f s)."
            )
            % words
        )
        moment = parse_datetime(manifest.began)
        assert moment is not None
        self.stdout.write(
            _(
                "The house is as it was on %(moment)s. Before it opens: everybody signs in anew; whoever was locked out, lost a role or "
                "a key, or asked for deletion after that has it again and must be dealt with once more; the workers carry out what "
                "is due; the courier sends again, under the same names, what had not been delivered by then."
            )
            % {"moment": timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")}
        )


def _chosen(folder: Path) -> Path:
    """FOLDER, or the latest backup in it."""
    found = backups_in(folder)
    return found[-1] if found else folder
