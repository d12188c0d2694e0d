"""Migration integrations/0009: secrets that were made of SECRET_KEY are sealed, and receivers notice nothing."""

import hashlib
import hmac
from importlib import import_module
from typing import Any

from django.apps import apps

from cases.models import Reporter
from integrations.choices.hooks import OLD_KEY_HOLDS, signed
from integrations.models import PartnerOrder, Webhook
from tests.factories import MONDAY, Cast
from tests.integrations.hooking import LATER, carry_all, happen, make_case, make_hook, pairs
from tests.integrations.platforms import make_partner
from tests.receivers import Receiver

seal_secrets = import_module("integrations.migrations.0009_seal_secrets").seal_secrets


def as_before(settings: Any, salt: str, kid: int) -> str:
    """The secret of a key as houses made it until then, and as its receiver keeps it; written out as it was (salted_hmac)."""
    key = hashlib.sha256(b"integrations.hook" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{salt}:{kid}".encode(), hashlib.sha256).hexdigest()


def test_what_receivers_knew_before_signs_after(cast: Cast, receiver: Receiver, settings: Any) -> None:
    turning, single, sealed = (
        make_hook(receiver, cast.street, path=path) for path in ("/turning", "/single", "/sealed")
    )
    before, kept = sealed.secret(), sealed.sealed
    Webhook.objects.filter(pk__in=[turning.pk, single.pk]).update(sealed="", sealed_old="", kid=3)
    Webhook.objects.filter(pk=turning.pk).update(old_until=MONDAY + OLD_KEY_HOLDS)
    seal_secrets(apps, None)
    for hook in (turning, single, sealed):
        hook.refresh_from_db()
    settings.SECRET_KEYS, settings.SECRET_KEY_FALLBACKS = ["of its own"], [settings.SECRET_KEY]
    old_key, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    assert carry_all() == 3
    got = {one.path: one for one in receiver.got}
    settings.SECRET_KEY = old_key
    for path, hook, kids in (("/turning", turning, (3, 2)), ("/single", single, (3,))):
        moment, values = pairs(got[path].headers["x-gridgov-signature"])
        assert values == {kid: signed(as_before(settings, hook.salt, kid), moment, got[path].body) for kid in kids}
    assert (single.sealed_old, sealed.sealed) == ("", kept)
    assert pairs(got["/sealed"].headers["x-gridgov-signature"])[1].keys() == {1}
    assert sealed.secret() == before
    # Once more it changes nothing.
    seal_secrets(apps, None)
    assert set(Webhook.objects.values_list("sealed", flat=True)) == {turning.sealed, single.sealed, kept}


def test_confidential_orders_mark_their_cases(cast: Cast) -> None:
    partner = make_partner(cast)
    cases = [make_case(cast.place.micros[0], cast.category, cast.worker) for _number in range(3)]
    for number, case in enumerate(cases[:2]):
        PartnerOrder.objects.create(
            partner=partner, number=f"{number}", case=case, confidential=not number, made_at=LATER
        )
    PartnerOrder.objects.create(partner=partner, number="no case", confidential=True, made_at=LATER)
    Reporter.objects.bulk_create(Reporter(case=case, name="李小明") for case in cases)
    seal_secrets(apps, None)
    assert [case.reporter.confidential for case in cases] == [False] * 3  # as they were read before
    assert set(Reporter.objects.filter(confidential=True).values_list("case", flat=True)) == {cases[0].pk}
