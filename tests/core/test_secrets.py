"""Secrets of other systems: sealed, opened, and sealed anew under a new key."""

import pytest

from gridgov.core.secrets import Unreadable, seal, sealed_now, unseal


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
