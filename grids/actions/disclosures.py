"""What the public may read of a grid: whether its street shows pages at all, and who is named on them."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.masking import mask_phone
from gridgov.core.records import record
from grids import rules
from grids.actions.tree import insist_clean
from grids.models import Grid, Post, PublicPage
from grids.queries import scope_of
from grids.rules.serving import can_wait_days


@transaction.atomic
def set_public_page(
    *, street: Grid, is_open: bool, by: User, at: dt.datetime, phone: str = "", words: str = "",
    gas_phone: str = "", results_after: int | None = None,
) -> PublicPage:  # fmt: skip
    """Open or close the pages of STREET's grids, with the office's PHONE and WORDS on all of them. Results are published by
    themselves RESULTS_AFTER so many days; None: by hand only."""
    street = Grid.objects.locked(street)
    rules.can_tend(by, scope_of(by, timezone.localdate(at)), street).insist()
    if street.parent_id is not None:
        raise Invalid(_("Public pages are a street's."), field="street")
    rules.check_public_phone(phone).insist()
    rules.check_public_phone(gas_phone).insist()
    can_wait_days(results_after).insist()
    values = {
        "is_open": is_open,
        "phone": phone,
        "gas_phone": gas_phone,
        "words": words,
        "results_after": results_after,
    }
    page = PublicPage.objects.select_related("street").filter(street=street).first()
    if page is None:
        page = PublicPage(street=street, **values)
        insist_clean(page, exclude=("street",))
        page.save()
        changes = {name: [None, value] for name, value in values.items()}
    else:
        insist_clean(PublicPage(street=street, **values), exclude=("street",))
        changes = page.change(**values)
    if changes:
        record("pages.set", page, by=by, at=at, data={"changes": changes})
    return page


@transaction.atomic
def disclose_post(*, post: Post, shown: bool, by: User, at: dt.datetime, phone: str = "") -> Post:
    """Name the holder of POST on the public page of its grid, with PHONE beside the name, or take both off."""
    post = Post.objects.locked(post)
    rules.can_staff(by, scope_of(by, timezone.localdate(at)), post.grid, post.unit).insist()
    if shown and post.valid_to is not None and post.valid_to < timezone.localdate(at):
        raise Conflict(_("This post has ended."))
    rules.check_public_phone(phone).insist()
    before = post.public_phone
    changes = post.change(is_public_contact=shown, public_phone=phone if shown else "")
    if changes:
        if "public_phone" in changes:
            changes["public_phone"] = [mask_phone(before), mask_phone(post.public_phone)]
        record("posts.disclosed", post, by=by, at=at, data={"changes": changes})
    return post
