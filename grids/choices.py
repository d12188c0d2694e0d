"""Words and fixed tables of the map (handbook 1.1, 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import Role


class GridKind(models.TextChoices):
    STREET = "street", _("street")
    TOTAL = "total", _("total grid")
    COMPREHENSIVE = "comprehensive", _("comprehensive grid")
    DEDICATED = "dedicated", _("dedicated grid")
    MICRO = "micro", _("micro-grid")


class MicroType(models.TextChoices):
    RESIDENT = "resident", _("resident micro-grid")
    MERCHANT = "merchant", _("merchant micro-grid")


# Which kind stands under which.
CHILDREN: dict[str, frozenset[str]] = {
    "": frozenset({GridKind.STREET}),
    GridKind.STREET: frozenset({GridKind.TOTAL}),
    GridKind.TOTAL: frozenset({GridKind.COMPREHENSIVE, GridKind.DEDICATED}),
    GridKind.COMPREHENSIVE: frozenset({GridKind.MICRO}),
    GridKind.DEDICATED: frozenset({GridKind.MICRO}),
    GridKind.MICRO: frozenset(),
}
# The levels of a map, the widest first: comprehensive and dedicated grids lie side by side.
LEVELS: dict[str, frozenset[str]] = {
    GridKind.STREET: frozenset({GridKind.STREET}),
    GridKind.TOTAL: frozenset({GridKind.TOTAL}),
    GridKind.COMPREHENSIVE: frozenset({GridKind.COMPREHENSIVE, GridKind.DEDICATED}),
    GridKind.MICRO: frozenset({GridKind.MICRO}),
}
# As whom another system acts on a ground of a kind: the one in charge there.
CLIENT_ROLES: dict[str, str] = {
    GridKind.STREET: Role.STREET,
    GridKind.TOTAL: Role.TOTAL_LEAD,
    GridKind.COMPREHENSIVE: Role.COMPREHENSIVE_LEAD,
    GridKind.DEDICATED: Role.COMPREHENSIVE_LEAD,
    GridKind.MICRO: Role.WORKER,
}
UNIT_CLIENT = Role.UNIT_STAFF
CODE_DIGITS = {
    GridKind.STREET: 9,
    GridKind.TOTAL: 15,
    GridKind.COMPREHENSIVE: 15,
    GridKind.DEDICATED: 15,
    GridKind.MICRO: 18,
}
# The last three digits say the kind: (first, last) of each, handbook 1.1.
SEQUENCES: dict[str, tuple[int, int]] = {
    GridKind.TOTAL: (0, 0),
    GridKind.COMPREHENSIVE: (1, 899),
    GridKind.DEDICATED: (901, 999),
    MicroType.RESIDENT: (1, 699),
    MicroType.MERCHANT: (701, 999),
}
# 30–50 households a resident micro-grid (seed 000); outside it is a warning, never a refusal.
HOUSEHOLDS = (30, 50)


class PostKind(models.TextChoices):
    """What somebody is, on a grid, in a unit or for a district."""

    DISTRICT_STAFF = "district_staff", _("district staff")
    STREET_STAFF = "street_staff", _("street staff")
    ROOT_GRID_LEAD = "root_grid_lead", _("total-grid lead")
    GRID_LEAD = "grid_lead", _("grid lead")
    GRID_WORKER_FT = "grid_worker_ft", _("full-time grid worker")
    GRID_WORKER_PT = "grid_worker_pt", _("part-time grid worker")
    MICRO_GRID_WORKER = "micro_grid_worker", _("micro-grid member")
    GRID_MENTOR = "grid_mentor", _("grid mentor")
    BUILDING_LEAD = "building_lead", _("building lead")
    UNIT_LEAD = "unit_lead", _("entrance lead")
    SPECIALIST_WORKER = "specialist_worker", _("professional grid worker")
    UNIT_STAFF = "unit_staff", _("staff of a unit")


# Where a post may stand: kinds of grid, or one of these two.
IN_UNIT, IN_DISTRICT = "unit", "district"
_CELLS = frozenset({GridKind.MICRO, GridKind.DEDICATED})
_GRIDS = frozenset({GridKind.TOTAL, GridKind.COMPREHENSIVE, GridKind.DEDICATED})
# Post → (places it may stand at, roles that may hold it). A dedicated grid has no micro-grids of its own as a rule
# (a park, a market), so its workers stand on it.
POSTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    PostKind.DISTRICT_STAFF: (frozenset({IN_DISTRICT}), frozenset({Role.STREET})),
    PostKind.STREET_STAFF: (frozenset({GridKind.STREET}), frozenset({Role.STREET})),
    PostKind.ROOT_GRID_LEAD: (frozenset({GridKind.TOTAL}), frozenset({Role.TOTAL_LEAD})),
    PostKind.GRID_LEAD: (
        frozenset({GridKind.COMPREHENSIVE, GridKind.DEDICATED}),
        frozenset({Role.COMPREHENSIVE_LEAD}),
    ),
    PostKind.GRID_WORKER_FT: (_CELLS, frozenset({Role.WORKER})),
    PostKind.GRID_WORKER_PT: (_CELLS, frozenset({Role.WORKER})),
    PostKind.MICRO_GRID_WORKER: (frozenset({GridKind.MICRO}), frozenset({Role.WORKER})),
    PostKind.GRID_MENTOR: (_GRIDS, frozenset({Role.STREET})),
    PostKind.BUILDING_LEAD: (frozenset({GridKind.MICRO}), frozenset({Role.WORKER})),
    PostKind.UNIT_LEAD: (frozenset({GridKind.MICRO}), frozenset({Role.WORKER})),
    PostKind.SPECIALIST_WORKER: (frozenset({IN_UNIT}), frozenset({Role.UNIT_STAFF})),
    PostKind.UNIT_STAFF: (frozenset({IN_UNIT}), frozenset({Role.UNIT_STAFF})),
}
# Which posts a grid of a kind should not be without: one of them at least. A party secretary leads the total grid, a cadre
# the comprehensive one, every micro-grid has its worker or member (systems G2; "one grid, one worker", seed 003).
NEEDED: dict[str, frozenset[str]] = {
    GridKind.STREET: frozenset({PostKind.STREET_STAFF}),
    GridKind.TOTAL: frozenset({PostKind.ROOT_GRID_LEAD}),
    GridKind.COMPREHENSIVE: frozenset({PostKind.GRID_LEAD}),
    GridKind.DEDICATED: frozenset({PostKind.GRID_LEAD}),
    GridKind.MICRO: frozenset({PostKind.GRID_WORKER_FT, PostKind.GRID_WORKER_PT, PostKind.MICRO_GRID_WORKER}),
}
# Held by one person on a grid, and by a person on one grid.
SOLE_POSTS = frozenset({PostKind.ROOT_GRID_LEAD, PostKind.GRID_LEAD})
# Those who make the rounds, in the order in which they are shown.
WORKER_POSTS = (PostKind.GRID_WORKER_FT, PostKind.GRID_WORKER_PT, PostKind.MICRO_GRID_WORKER)
# A full-time worker's micro-grids together are a comprehensive grid's worth, 300–500 households (handbook 1.1, Zhoushan).
MOST_HOUSEHOLDS = 500


class StaffGap(models.TextChoices):
    """What can be wrong with who serves a grid."""

    VACANT = "vacant", _("vacant")
    DOUBLE = "double", _("two leads")
    TWICE = "twice", _("one person, two posts")
    SPREAD = "spread", _("leads several grids")
    OVERLOAD = "overload", _("too many households")
    LOCKED = "locked", _("may not sign in")


class DutyArea(models.TextChoices):
    """The three classes that a post's duties fall into (3 类 10 项, seed 000)."""

    PUBLIC_ORDER = "public_order", _("public order")
    GRASSROOTS = "grassroots", _("assisting the grassroots")
    EMERGENCY = "emergency", _("emergency response")


# The city's hotline, which every public page names.
HOTLINE = "12345"


class UnitKind(models.TextChoices):
    GOVERNMENT = "government", _("government department")
    STREET = "street", _("street office section")
    COMMUNITY = "community", _("community committee")
    UTILITY = "utility", _("utility")
    PROPERTY = "property", _("property-service firm")
    COMMITTEE = "committee", _("committee")


class PartyKind(models.TextChoices):
    WORK_COMMITTEE = "work_committee", _("street work committee")
    COMMUNITY_COMMITTEE = "community_committee", _("community committee of the party")
    BRANCH = "branch", _("grid branch")
    GROUP = "group", _("micro-grid group")
    HOUSEHOLD = "household", _("member household")


PARTY_CHILDREN: dict[str, frozenset[str]] = {
    "": frozenset({PartyKind.WORK_COMMITTEE}),
    PartyKind.WORK_COMMITTEE: frozenset({PartyKind.COMMUNITY_COMMITTEE}),
    PartyKind.COMMUNITY_COMMITTEE: frozenset({PartyKind.BRANCH}),
    PartyKind.BRANCH: frozenset({PartyKind.GROUP}),
    PartyKind.GROUP: frozenset({PartyKind.HOUSEHOLD}),
    PartyKind.HOUSEHOLD: frozenset(),
}
# What each kind of organisation covers.
PARTY_COVERS: dict[str, frozenset[str]] = {
    PartyKind.WORK_COMMITTEE: frozenset({GridKind.STREET}),
    PartyKind.COMMUNITY_COMMITTEE: frozenset({GridKind.TOTAL}),
    PartyKind.BRANCH: frozenset({GridKind.COMPREHENSIVE, GridKind.DEDICATED}),
    PartyKind.GROUP: frozenset({GridKind.MICRO}),
    PartyKind.HOUSEHOLD: frozenset({GridKind.MICRO}),
}
# Which kind should cover a grid of each kind: a group for every micro-grid, alone or jointly (systems G3).
PARTY_NEEDED: dict[str, PartyKind] = {
    GridKind.STREET: PartyKind.WORK_COMMITTEE,
    GridKind.TOTAL: PartyKind.COMMUNITY_COMMITTEE,
    GridKind.COMPREHENSIVE: PartyKind.BRANCH,
    GridKind.DEDICATED: PartyKind.BRANCH,
    GridKind.MICRO: PartyKind.GROUP,
}
# Steps of a new street that only a person can call done; "all": the list itself is put away.
FIRST_STEPS = frozenset({"limits", "proof", "notices", "all"})


class RedrawKind(models.TextChoices):
    SPLIT = "split", _("split")
    MERGE = "merge", _("merged")


class RedrawState(models.TextChoices):
    """A redrawing for a later day is planned first; the day's job carries it out, or says why it can't."""

    PLANNED = "planned", _("planned")
    DONE = "done", _("carried out")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("could not be carried out")


# So many days ahead may grids be redrawn; further off it is a slip of the pen.
PLAN_AHEAD = 366
MOST_PARTS = 12
NOTICE_REDRAWN = gettext_noop("The redrawing of “%(name)s” has been carried out.")
NOTICE_REDRAW_FAILED = gettext_noop("The redrawing of “%(name)s” could not be carried out: %(reason)s")
NOTICE_HOUSEHOLDS = gettext_noop(
    "“%(name)s”: %(who)s counts %(count)s households. Please correct the grid, or tell them why not."
)


class GroupLevel(models.TextChoices):
    """Whom a group of neighbours is for."""

    GRID = "grid", _("the whole grid")
    BUILDING = "building", _("a building")
    ENTRANCE = "entrance", _("an entrance")


class GroupKind(models.TextChoices):
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    OTHER = "other", _("another messenger")


# WeChat's codes for joining a group hold for seven days; on the day before, whoever keeps the group is reminded.
GROUP_DAYS, REMINDED_BEFORE = 7, 1
NOTICE_GROUP = gettext_noop(
    "The code of the residents' group “%(name)s” runs out on %(until)s. Please take a new picture of it."
)
