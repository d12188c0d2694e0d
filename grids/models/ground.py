"""The map: grids, units, posts, bindings, party organisations, redrawings and duties."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from mptt.fields import TreeForeignKey
from mptt.models import MPTTModel

from accounts.models import User
from gridgov.core.fields import BoxField
from gridgov.core.models import Changing
from grids.choices import (
    CODE_DIGITS,
    DutyArea,
    GridKind,
    MicroType,
    PartyKind,
    PostKind,
    RedrawKind,
    RedrawState,
    UnitKind,
)
from grids.queries import (
    BindingQuerySet,
    GridQuerySet,
    OfStreetQuerySet,
    PartyOrgQuerySet,
    PostQuerySet,
    RedrawingQuerySet,
    UnitQuerySet,
)


class Dated(Changing):
    """Holds from a day to a day, the last one included."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True

    def holds(self, on: dt.date) -> bool:
        """Whether it is in force on the day ON."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Grid(MPTTModel, Dated):
    """A node of the tree street → total → comprehensive/dedicated → micro. The parent key is the truth; the nested-set
    numbers follow from it (`manage.py check_grids --fix`). Written by `grids.actions` only, under the tree's lock."""

    code = models.CharField(
        _("grid code"),
        max_length=18,
        unique=True,
        validators=[RegexValidator(r"^\d{9}(\d{6}(\d{3})?)?$", _("A grid code has 9, 15 or 18 digits."))],
    )
    kind = models.CharField(_("kind"), max_length=16, choices=GridKind.choices)
    micro_type = models.CharField(_("type of micro-grid"), max_length=8, choices=MicroType.choices, blank=True)
    name = models.CharField(_("name"), max_length=64)
    parent = TreeForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name=_("replaced by")
    )
    border = models.JSONField(_("border"), null=True, blank=True)
    shape = models.BinaryField(_("border as WKB"), null=True, editable=False)
    box = BoxField(_("box around the border"), null=True, editable=False)
    area_m2 = models.FloatField(_("area in m²"), null=True, editable=False)

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=GridKind.STREET, parent=None) | (~Q(kind=GridKind.STREET) & Q(parent__isnull=False)),
                name="grid_street_is_root",
            ),
            models.CheckConstraint(
                condition=Q(kind=GridKind.MICRO, micro_type__in=MicroType.values)
                | (~Q(kind=GridKind.MICRO) & Q(micro_type="")),
                name="grid_micro_has_type",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="grid_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(border=None, shape=None, box=None)
                | Q(border__isnull=False, shape__isnull=False, box__isnull=False),
                name="grid_border_whole",
            ),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["box"], name="grid_box"),
            models.Index(fields=["tree_id", "lft"], name="grid_tree_order"),
        ]

    class MPTTMeta:
        order_insertion_by: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.code

    @property
    def street_code(self) -> str:
        """The nine digits whose calendar and policies hold here."""
        return self.code[: CODE_DIGITS[GridKind.STREET]]


class Unit(Changing):
    """A department, firm or committee that takes orders. `aliases` are other names it goes by in catalogues."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind.choices)
    area_prefix = models.CharField(_("area code"), max_length=12, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    lng = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    is_active = models.BooleanField(_("takes orders"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lng=None, lat=None) | Q(lng__isnull=False, lat__isnull=False), name="unit_point_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def serves(self, street: str) -> bool:
        """Whether it takes orders from the street with the code STREET (UnitQuerySet.serving)."""
        return street.startswith(self.area_prefix) or self.area_prefix.startswith(street)

    def goes_by(self, name: str) -> bool:
        return name == self.name or name in self.aliases

    @property
    def scope_code(self) -> str:
        return self.area_prefix


class Post(Dated):
    """USER is KIND on a grid, in a unit, or for all streets of a district (six digits), from a day to a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    kind = models.CharField(_("post"), max_length=20, choices=PostKind.choices)
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("grid"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("unit"))
    area_prefix = models.CharField(
        _("district code"), max_length=6, blank=True, validators=[RegexValidator(r"^\d{6}$", _("Six digits."))]
    )
    is_public_contact = models.BooleanField(_("named on the public page"), default=False)
    # Entered for the public on purpose; the account's own number never goes there.
    public_phone = models.CharField(_("phone for the public"), max_length=20, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(grid__isnull=False, unit=None, area_prefix="")
                | Q(grid=None, unit__isnull=False, area_prefix="")
                | (Q(grid=None, unit=None) & ~Q(area_prefix="")),
                name="post_at_one_place",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        said = f"{self.user} · {self.get_kind_display()}"
        return f"{said} · {self.unit}" if self.unit else said

    @property
    def scope_code(self) -> str:
        return self.grid.code if self.grid else self.area_prefix


class Binding(Dated):
    """A unit's professional worker answers for a grid, from a day to a day, and is called from there directly.

    `matters` are beginnings of category codes ("05", "0501"); empty: everything the unit does. Other rooms give the
    codes their meaning.
    """

    post = models.ForeignKey(
        Post, models.PROTECT, related_name="bindings", verbose_name=_("professional grid worker"), db_index=False,
        limit_choices_to={"kind": PostKind.SPECIALIST_WORKER},
    )  # fmt: skip
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="bindings", verbose_name=_("bound to"), db_index=False)
    matters = models.JSONField(_("matters"), default=list, blank=True)

    objects = BindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("binding of a professional worker")
        verbose_name_plural = _("professional workers")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="binding_dates_in_order"
            ),
            # Days that overlap otherwise are the action's to refuse; these two it can't let through by mistake.
            models.UniqueConstraint(fields=["post", "grid", "valid_from"], name="binding_begins_once"),
            models.UniqueConstraint(fields=["post", "grid"], condition=Q(valid_to=None), name="binding_open_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["grid", "post"], name="binding_of_grid")]

    def __str__(self) -> str:
        return f"{self.post.user} → {self.grid}"

    @property
    def scope_code(self) -> str:
        return self.grid.code


class PartyOrg(MPTTModel, Dated):
    """An organisation of the second tree. It covers grids alone (one) or jointly (several)."""

    name = models.CharField(_("name"), max_length=64)
    kind = models.CharField(_("kind"), max_length=20, choices=PartyKind.choices)
    street = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"))
    parent = TreeForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    grids = models.ManyToManyField(Grid, related_name="party_orgs", verbose_name=_("covers"), blank=True)
    secretary = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("secretary or leader")
    )

    objects = PartyOrgQuerySet.as_manager()

    class Meta:
        verbose_name = _("party organisation")
        verbose_name_plural = _("party organisations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=PartyKind.WORK_COMMITTEE, parent=None)
                | (~Q(kind=PartyKind.WORK_COMMITTEE) & Q(parent__isnull=False)),
                name="party_committee_is_root",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="party_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.street.code


class Redrawing(Changing):
    """Grids that end, and those that take their place from the day `on`: one split into several, or several merged.

    `plan` holds what was decided (grids.actions.redrawing.Plan) until the day comes; `after` is filled when it has.
    """

    kind = models.CharField(_("kind"), max_length=5, choices=RedrawKind.choices)
    state = models.CharField(_("state"), max_length=9, choices=RedrawState.choices, default=RedrawState.PLANNED)
    on = models.DateField(_("effective from"))
    street = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("street"))
    before = models.ManyToManyField(Grid, related_name="redrawn", verbose_name=_("grids that end"))
    after = models.ManyToManyField(Grid, related_name="drawn_by", verbose_name=_("grids in their place"))
    plan = models.JSONField(_("plan"), default=dict)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("planned by"))
    planned_at = models.DateTimeField(_("planned at"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("why not"), max_length=500, blank=True)

    objects = RedrawingQuerySet.as_manager()

    class Meta:
        verbose_name = _("redrawing of grids")
        verbose_name_plural = _("redrawings of grids")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_kind_display()}"

    @property
    def scope_code(self) -> str:
        return self.street.code


class Duty(Dated):
    """One line of what a post of a kind has to do, in a street's own words and order."""

    street = models.ForeignKey(Grid, models.PROTECT, related_name="duties", verbose_name=_("street"))
    kind = models.CharField(_("post"), max_length=20, choices=PostKind.choices)
    area = models.CharField(_("class of duty"), max_length=12, choices=DutyArea.choices)
    position = models.PositiveSmallIntegerField(_("place in the list"))
    text = models.CharField(_("duty"), max_length=200)

    objects = OfStreetQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duty lists")
        ordering = ("street", "kind", "position", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="duty_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def scope_code(self) -> str:
        return self.street.code
