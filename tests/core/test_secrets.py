"""Secrets of other systems: sealed, opened, and sealed anew under a new key."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from gridgov.core.models import Record
from gridgov.core.secrets import Unreadable, seal, sealed_now, unseal
from integrations.actions.hooks import add_hook
from integrations.actions.hotline import secrets_of
from integrations.models import Partner, Webhook
from tests.factories import MONDAY, make_cast
from tests.integrations.platforms import make_partner


def test_what_is_sealed_opens_again_and_never_looks_alike() -> None:
    first, second = seal("12345-密钥"), seal("12345-密钥")
    assert first != second
    assert "密钥" not in first
    assert unseal(first) == unseal(second) == "12345-密钥"


def test_sealed_text_opens_only_for_what_it_belongs_to() -> None:
    sealed = seal("hush", of="partner:1")
    assert unseal(sealed, of="partner:1") == "hush"
    with pytest.raises(Unreadable):
        unseal(sealed, of="partner:2")


@pytest.mark.parametrize("text", ["", "x", "plain words", "00000000.", "no.dots.at.all", "é.é"])
def test_what_was_never_sealed_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        unseal(text)


def test_changed_text_is_unreadable() -> None:
    name, _dot, body = seal("hush").partition(".")
    changed = ("B" if body[0] == "A" else "A") + body[1:]
    with pytest.raises(Unreadable):
        unseal(f"{name}.{changed}")


def test_a_new_key_seals_and_the_old_one_still_opens(settings) -> None:
    settings.SECRET_KEYS = ["the old phrase"]
    old = seal("hush")
    settings.SECRET_KEYS = ["the new phrase", "the old phrase"]
    new = seal("hush")
    assert (unseal(old), unseal(new)) == ("hush", "hush")
    assert (sealed_now(old), sealed_now(new)) == (False, True)
    settings.SECRET_KEYS = ["the new phrase"]
    with pytest.raises(Unreadable):
        unseal(old)


@pytest.mark.django_db
def test_keys_change_while_receivers_and_partners_go_on(settings: Any) -> None:
    """From SECRET_KEY alone to keys of its own, to others, and to another SECRET_KEY: the secrets stay what they were."""
    cast = make_cast()
    settings.SECRET_KEYS, settings.SECRET_KEY_FALLBACKS = [], []
    hook = add_hook(
        name="区平台", url="https://a.example/", events=["case.closed"], owner=cast.street, by=cast.street, at=MONDAY
    )
    partner = make_partner(cast)
    secret, told = hook.secret(), secrets_of(partner, MONDAY)

    def stands() -> bool:
        return Webhook.objects.get().secret() == secret and secrets_of(Partner.objects.get(), MONDAY) == told

    for keys, key in (
        (["first"], settings.SECRET_KEY),
        (["second", "first"], settings.SECRET_KEY),
        (["second"], "quite another"),
    ):
        settings.SECRET_KEYS, settings.SECRET_KEY = keys, key
        assert stands()
        call_command("reseal", stdout=io.StringIO())
        assert stands() and sealed_now(Webhook.objects.get().sealed)
    assert [row.data for row in Record.objects.filter(verb="secrets.resealed").order_by("pk")] == [
        {"rows": 2, "lost": 0}, {"rows": 2, "lost": 0}, {"rows": 0, "lost": 0},
    ]  # fmt: skip
    settings.SECRET_KEYS = ["a wrong one"]
    with pytest.raises(CommandError, match="2 can't be opened"):
        call_command("reseal", stdout=io.StringIO())
    settings.SECRET_KEYS = ["second"]
    assert stands()
