"""What `manage.py check --deploy` says of a place besides what Django looks at: before people are let in, it says nothing."""

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's word

# Fewer signs, or the same few again and again, are guessed.
LONG, VARIED = 50, 5


@register(Tags.security, deploy=True)
def secrets_are_long(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """The keys that Django's own check doesn't know."""
    for name, keys in (
        ("GRIDGOV_SECRET_KEYS", settings.SECRET_KEYS), ("GRIDGOV_SECRET_KEY_FALLBACKS", settings.SECRET_KEY_FALLBACKS),
    ):  # fmt: skip
        if any(len(key) < LONG or len(set(key)) < VARIED for key in keys):
            yield Error(
                f"{name} holds a key of fewer than {LONG} signs.", hint="openssl rand -base64 60", id="gridgov.E001"
            )


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Whoever may call the house by any name gets links, QR codes and mails written with that name."""
    if any(host.strip() in {"*", "."} or not host.strip() for host in settings.ALLOWED_HOSTS):
        yield Error(
            "GRIDGOV_HOSTS names everybody or nobody.", hint="the names people use, with commas", id="gridgov.E002"
        )
    if settings.HTTPS and not settings.PROXIES:
        yield Warning(
            "GRIDGOV_PROXIES is 0 behind TLS: all limits count the proxy's address as one visitor's.", id="gridgov.W003"
        )


@register(Tags.security, deploy=True)
def files_are_ours_alone(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Photos of people's homes, mediators' papers, uploads on their way: nobody else on the machine reads them."""
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and stat.S_IMODE(media.stat().st_mode) & 0o007:
        yield Error(f"Others on this machine can enter {media}.", hint=f"chmod o-rwx {media}", id="gridgov.E004")
    if settings.STATIC_ROOT and media.resolve().is_relative_to(Path(settings.STATIC_ROOT).resolve()):
        yield Error("GRIDGOV_MEDIA lies within GRIDGOV_STATIC, which is given out to everybody.", id="gridgov.E005")
