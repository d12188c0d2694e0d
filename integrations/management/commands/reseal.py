"""manage.py reseal: bring other systems' secrets under the first of GRIDGOV_SECRET_KEYS (docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from integrations.actions.resealing import reseal


class Command(BaseCommand):
    help = "Seal what older keys sealed under the key that seals today. Everything goes on serving meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = reseal(by=User.objects.system(), at=timezone.now())
        self.stdout.write(f"{done} sealed anew")
        if lost:
            raise CommandError(
                f"{lost} can't be opened by any key that is set: give the old key back, or set them anew"
            )
