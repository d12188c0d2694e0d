"""What residents find: pages of a street, contact cards, groups of neighbours, and what is announced."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from grids.choices import GroupKind, GroupLevel
from grids.models.ground import Dated, Grid, Post
from grids.queries import OfStreetQuerySet
from grids.queries.of_grid import CardQuerySet, GridNoticeQuerySet, GroupLinkQuerySet


class PublicPage(Changing):
    """Whether the grids of a street have pages that everybody can read, and what the office says on all of them."""

    street = models.OneToOneField(Grid, models.PROTECT, related_name="public_page", verbose_name=_("street"))
    is_open = models.BooleanField(_("pages are public"), default=False)
    phone = models.CharField(_("phone of the office"), max_length=20, blank=True)
    gas_phone = models.CharField(
        _("gas emergencies"), max_length=20, blank=True, default="", db_default="",
        help_text=_("The gas company's number for leaks; residents are told it before they report."),
    )  # fmt: skip
    words = models.CharField(_("words of the office"), max_length=200, blank=True)
    # What the room of cases does by itself; empty: nothing.
    results_after = models.PositiveSmallIntegerField(
        _("publish results after (days)"), null=True, blank=True,
        help_text=_("Closed cases of public categories with a reply, in which nothing personal is found. Empty: by hand only."),
    )  # fmt: skip

    objects = OfStreetQuerySet.as_manager()

    class Meta:
        verbose_name = _("public pages of a street")
        verbose_name_plural = _("public pages")
        ordering = ("street__code",)

    def __str__(self) -> str:
        return str(self.street)

    @property
    def scope_code(self) -> str:
        return self.street.code


class ContactCard(Changing):
    """A post's card 连心卡, found by its TOKEN alone. It says what the public page says of the post, and nothing as soon as
    the post ends, is taken off the page, or the card is revoked."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="cards", verbose_name=_("post"))
    token = models.CharField(_("token"), max_length=32, unique=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    at = models.DateTimeField(_("issued"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact card")
        verbose_name_plural = _("contact cards")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post"], condition=Q(revoked_at=None), name="card_one_of_post"),
        ]

    def __str__(self) -> str:
        return str(self.post)

    @property
    def scope_code(self) -> str:
        return self.post.scope_code


class GroupLink(Changing):
    """A group of neighbours 联户群 of a grid, a building or an entrance: a link, or a picture of its QR code, which the
    messenger lets run out after some days. `picture` is a PNG made anew from what was given."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="groups", verbose_name=_("grid"))
    level = models.CharField(_("whom it is for"), max_length=8, choices=GroupLevel.choices, default=GroupLevel.GRID)
    label = models.CharField(_("name of the group"), max_length=40)
    kind = models.CharField(_("messenger"), max_length=8, choices=GroupKind.choices, default=GroupKind.WECHAT)
    url = models.CharField(_("link"), max_length=500, blank=True)
    picture = models.BinaryField(_("QR code"), null=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_public = models.BooleanField(_("on the public page"), default=False)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    at = models.DateTimeField(_("last kept"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = GroupLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("residents' group")
        verbose_name_plural = _("residents' groups")
        ordering = ("grid__code", "label", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(url="") & Q(picture__isnull=False)) | (~Q(url="") & Q(picture=None)),
                name="group_link_or_picture",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def scope_code(self) -> str:
        return self.grid.code

    def has_run_out(self, on: Any) -> bool:
        """Whether the messenger takes it no more on the day ON."""
        return self.valid_until is not None and self.valid_until < on


class GridNotice(Dated):
    """Something announced to a grid and all below it, from a day to a day; to residents where it is public."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="notices", verbose_name=_("grid"))
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("text"), max_length=1000)
    is_public = models.BooleanField(_("for residents, too"), default=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    at = models.DateTimeField(_("written"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = GridNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-valid_from", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="notice_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def scope_code(self) -> str:
        return self.grid.code
