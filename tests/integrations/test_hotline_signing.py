"""By which digest a partner signs is a word in its profile."""

import hashlib
import hmac

import pytest

from integrations.actions import hotline as actions
from integrations.choices.hotline import InboundState
from integrations.models import Inbound
from integrations.rules import profiles
from tests.factories import make_cast
from tests.integrations.platforms import Platform, make_partner, order, settle


@pytest.mark.django_db
def test_a_partner_may_sign_with_sm3() -> None:
    partner = make_partner(make_cast())
    scheme = {**partner.profile["signature"], "digest": "sm3"}
    profile = {**partner.profile, "signature": scheme}
    # The vector of RFC 8998 and GB/T 32905 for the digest itself; the HMAC against another hand's.
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    made = profiles.signature(profile, "a secret", "1", "nonce-12", b"{}")
    assert made == hmac.new(b"a secret", b"1\nnonce-12\n{}", "sm3").hexdigest()
    assert made != profiles.signature(partner.profile, "a secret", "1", "nonce-12", b"{}")
    assert profiles.faults({**profile, "signature": {**scheme, "digest": "md5"}})
    old = Platform(partner)
    partner = actions.change_partner(partner=partner, profile=profile, by=partner.made_by, at=partner.made_at)
    assert Platform(partner).send("orders", order()).status_code == 200
    assert old.send("orders", order("2")).json()["code"] == "bad_signature"
    settle()
    assert [row.state for row in Inbound.objects.all()] == [InboundState.DONE]
