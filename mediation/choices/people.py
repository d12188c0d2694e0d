"""Committees, who mediates in them, experts and rooms (人民调解法 8 to 16)."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import CASE_ROLES, LEADS, Role

# Those who set up committees, mediators, experts and rooms, each in the own scope. What stands in a file is not theirs to read.
KEEPERS = frozenset({Role.STREET, Role.TOTAL_LEAD})
# Those who may hand a dispute over to a committee.
REFERRERS = frozenset({Role.STREET, *LEADS})
# Whoever may mediate or direct a committee; what they read of files is said by their seats and assignments alone.
MEDIATING = CASE_ROLES | {Role.MEDIATOR}


class CommitteeKind(models.TextChoices):
    """By whom it was set up (人民调解法 8, 34)."""

    COMMUNITY = "community", _("community mediation committee")
    STREET = "street", _("street committee")
    ENTERPRISE = "enterprise", _("committee of a firm or institution")
    INDUSTRY = "industry", _("committee of a trade or field")


class Office(models.TextChoices):
    """What somebody is in a committee."""

    DIRECTOR = "director", _("director")
    DEPUTY = "deputy", _("deputy director")
    MEMBER = "member", _("member of the committee")
    # Called by the committee to mediate, without a seat in it (人民调解法 13).
    APPOINTED = "engaged", _("appointed mediator")


# Those who are the committee.
SEATED = frozenset({Office.DIRECTOR, Office.DEPUTY, Office.MEMBER})


class Gap(models.TextChoices):
    """What a committee lacks of what the law asks (人民调解法 8, 9), and when its term is over."""

    FEW = "few", _("fewer than three members")
    NO_WOMAN = "no_woman", _("no woman among the members")
    NO_DIRECTOR = "no_director", _("no director")
    TERM_NEAR = "term_near", _("term ends soon")
    TERM_OVER = "term_over", _("term is over")


class MediatorKind(models.TextChoices):
    FULL_TIME = "full_time", _("full-time mediator")
    PART_TIME = "part_time", _("part-time mediator")
    # 五老 and others whom the quarter trusts.
    ELDER = "elder", _("elder")
    LAWYER = "lawyer", _("lawyer")


class Sex(models.TextChoices):
    """Asked of mediators alone: a committee must have women in it (人民调解法 8)."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Profession(models.TextChoices):
    """三官二师一首席 (row M3)."""

    POLICE = "police", _("police officer")
    PROSECUTOR = "prosecutor", _("prosecutor")
    JUDGE = "judge", _("judge")
    LAWYER = "lawyer", _("lawyer")
    PSYCHOLOGIST = "psychologist", _("psychologist")
    CHIEF_ADVISER = "chief_adviser", _("chief legal adviser")


# The key of group 08 of the matter list; those of its matters begin with it.
DISPUTES = "dispute_mediation"


class DisputeKind(models.TextChoices):
    """As group 08 of the matter list (handbook 6), and what else comes to committees."""

    NEIGHBOUR_LEAK = "neighbour_leak", _("leak between neighbours")
    NEIGHBOUR_NOISE = "neighbour_noise", _("noise between neighbours")
    NEIGHBOUR_SPACE = "neighbour_space", _("passage, light or shared space")
    FAMILY = "family", _("family and support of elders")
    LABOUR = "labour", _("pay for work")
    CONSUMER = "consumer", _("purchase or prepaid card")
    PROPERTY = "property", _("property management")
    HOUSING = "housing", _("house and rent")
    INJURY = "injury", _("damage or injury")
    CONTRACT = "contract", _("contract or debt")
    OTHER = "other", _("other dispute")


# 人民调解法 8: three to nine members; 人民调解法 8: a term of three years.
LEAST_MEMBERS, MOST_MEMBERS, TERM_YEARS = 3, 9, 3
# So long before its end, the end of a term is told.
TERM_WARNING = dt.timedelta(days=60)
LEAST_SEATS, MOST_SEATS = 2, 200
# So many of the files that somebody ended last say how well it goes.
LATEST = 50
NAME_CHARS, SHORT_CHARS, PHONE_CHARS, PLACE_CHARS, WORDS_CHARS, REASON_CHARS = 60, 12, 32, 100, 500, 300

NOTICE_ASSIGNED = gettext_noop("You mediate in the file %(no)s from now on.")
NOTICE_RELEASED = gettext_noop("You mediate in the file %(no)s no more.")
NOTICE_TERM = gettext_noop("The term of %(name)s ends on %(day)s: please prepare the election.")
TOLD = (NOTICE_ASSIGNED, NOTICE_RELEASED, NOTICE_TERM)
