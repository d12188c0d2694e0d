"""Resources and what they do for the public each month."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField
from gridgov.core.search import Bigrams
from grids.models import Grid
from resources.choices import (
    CONTACT_CHARS,
    HOURS_CHARS,
    MONTH_DAYS,
    NAME_CHARS,
    OFFERS_CHARS,
    PHONE_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    TIME_CHARS,
    WEEKDAYS,
    WEEKS,
    WHAT_CHARS,
    ResourceKind,
    ResourceState,
)
from resources.queries import ResourceQuerySet, ServiceQuerySet


class Resource(Changing):
    """Something or somebody on a grid that can be called upon. A talent is a person, and here because they agreed to it
    (`consented_on`); their contact is masked, and struck out when they end. WGS-84."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("grid"))
    kind = models.CharField(_("kind"), max_length=16, choices=ResourceKind.choices)
    name = models.CharField(_("name"), max_length=NAME_CHARS)
    offers = models.CharField(_("what it offers"), max_length=OFFERS_CHARS, blank=True, default="")
    place = models.CharField(_("place"), max_length=PLACE_CHARS, blank=True, default="")
    lng = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    hours = models.CharField(_("opening hours"), max_length=HOURS_CHARS, blank=True, default="")
    contact_name = SealedCharField(_("contact person"), max_length=CONTACT_CHARS, blank=True, default="")
    contact_phone = SealedCharField(_("phone"), max_length=PHONE_CHARS, blank=True, default="", find="phone")
    is_contact_open = models.BooleanField(_("contact may be read by everybody"), default=False)
    consented_on = models.DateField(_("agreed on"), null=True, blank=True)
    is_public = models.BooleanField(_("may be shown to residents"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=ResourceState.choices, default=ResourceState.IN_USE)
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True, default="")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    changed_at = models.DateTimeField(_("last changed"))
    search = models.GeneratedField(
        expression=Bigrams(F("name"), F("offers"), F("place")), output_field=SearchVectorField(), db_persist=True
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="resource_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ResourceState.values), name="resource_state_known"),
            models.CheckConstraint(
                condition=Q(lng=None, lat=None) | Q(lng__isnull=False, lat__isnull=False), name="resource_point_whole"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ResourceKind.TALENT) | Q(consented_on__isnull=False, is_contact_open=False),
                name="resource_talent_agreed",
            ),
            models.UniqueConstraint(
                fields=["grid", "kind", "name"], condition=Q(state=ResourceState.IN_USE), name="resource_name_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["lat", "lng"], name="resource_place", condition=Q(lat__isnull=False)),
            models.Index(fields=["grid", "state"], name="resource_on_grid"),
            GinIndex(fields=["search"], name="resource_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.grid.code

    @property
    def is_in_use(self) -> bool:
        return self.state == ResourceState.IN_USE


class Service(Changing):
    """What a resource does for the public again and again: each month on a day, on one of a month's weekdays, or each week
    on a weekday (`week` is none)."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="services", verbose_name=_("resource"))
    what = models.CharField(_("what is done"), max_length=WHAT_CHARS)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS, null=True, blank=True)
    week = models.PositiveSmallIntegerField(_("which of the month"), choices=WEEKS, null=True, blank=True)
    month_day = models.PositiveSmallIntegerField(_("day of the month"), null=True, blank=True)
    time = models.CharField(_("time"), max_length=TIME_CHARS, blank=True, default="")
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended on"), null=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly service")
        verbose_name_plural = _("monthly services")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7), month_day=None)
                | Q(weekday=None, week=None, month_day__range=(1, MONTH_DAYS)),
                name="service_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="service_dates_in_order"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["resource", "ended_on"], name="service_of_resource")]

    def __str__(self) -> str:
        return self.what

    @property
    def scope_code(self) -> str:
        return self.resource.grid.code

    def stands_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.ended_on is None or day <= self.ended_on)
