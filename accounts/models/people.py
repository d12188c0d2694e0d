"""Accounts, stand-ins, inboxes and what people keep; and apps from which they come in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, DESK_ROLES, NOBODYS, NoticeKind, Role
from accounts.queries import (
    DelegationQuerySet,
    DownloadQuerySet,
    EntryAppQuerySet,
    NoticeQuerySet,
    SavedListQuerySet,
    UserManager,
)
from gridgov.core.models import Changing
from gridgov.core.sealed import SealedCharField


class User(AbstractBaseUser, Changing):
    """A person (or the system, or another one) with one role. What a person sees follows from the posts held (grids.Post),
    what another system sees from its ground (grids.ClientGround)."""

    username = models.CharField(
        _("user name"),
        max_length=48,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    full_name = models.CharField(_("full name"), max_length=48)
    phone = SealedCharField(_("phone"), max_length=20, blank=True, find="phone")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # The account of another system (ApiClient), and of no person.
    is_client = models.BooleanField(_("account of a system"), default=False, db_default=False, editable=False)
    # Whom the street office has entrusted with reporters who must stay unknown (cases.rules.can_see_confidential).
    keeps_confidential = models.BooleanField(
        _("entrusted with confidential reporters"), default=False, db_default=False, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    password_set_at = models.DateTimeField(_("password set"), null=True, editable=False)
    # Somebody else chose the password: its owner chooses another one at the next sign-in.
    password_given = models.BooleanField(
        _("password given by somebody else"), default=False, db_default=False, editable=False
    )
    # A digest of the phone of an administrator: one person holds one of the three hands, whatever accounts there are.
    hand_of = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["full_name", "role"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("username",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(role=Role.SYSTEM) | Q(is_active=False), name="system_never_signs_in"),
            models.CheckConstraint(condition=Q(is_client=False) | Q(is_active=False), name="client_never_signs_in"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=~Q(role=Role.SYSTEM) | Q(username__in=NOBODYS), name="system_account_known"
            ),
            models.CheckConstraint(
                condition=Q(hand_of=None) | Q(role__in=ADMIN_HANDS), name="hand_of_an_administrator"
            ),
            # Three hands, three persons (等保 三员分立): no two administrators of one name, so that nobody is two of them.
            models.UniqueConstraint(
                fields=["full_name"], condition=Q(role__in=ADMIN_HANDS, is_active=True), name="hand_once_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def scope_code(self) -> str:
        return ""

    @property
    def is_staff(self) -> bool:
        """Django's word for "may open the admin": every role that works has its pages there."""
        return self.role in DESK_ROLES and not self.is_client

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The admin pages ask the role (gridgov.core.admin_base); Django's own permissions are not used."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active


class Delegation(Changing):
    """One person stands in for another who is away, from the first to the last day, both included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="delegations", verbose_name=_("absent"))
    deputy = models.ForeignKey(User, models.CASCADE, related_name="stands_in", verbose_name=_("stand-in"))
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("ended by"))
    ended_at = models.DateTimeField(_("ended early"), null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ("-valid_from", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="delegation_in_order"),
            models.CheckConstraint(condition=~Q(user=F("deputy")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.deputy}"

    @property
    def scope_code(self) -> str:
        return ""


class Notice(models.Model):
    """One line in somebody's inbox. `text` is a msgid, filled with `params` in the reader's language.

    It lies in the inbox at once, or is held until a moment; several held ones become lines of one digest then.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("for"))
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind.choices)
    key = models.CharField(max_length=64)
    text = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    subject_type = models.CharField(max_length=32, blank=True)
    subject_id = models.BigIntegerField(null=True)
    # When the thing happened, not when it was told.
    at = models.DateTimeField(_("time"))
    urgent = models.BooleanField(_("urgent"), default=False, db_default=False)
    # Not told before this moment; empty once it is.
    held_until = models.DateTimeField(_("held until"), null=True)
    digest = models.ForeignKey("self", models.CASCADE, related_name="lines", null=True, db_index=False)
    # For whom this person stands in.
    instead_of = models.ForeignKey(
        User, models.CASCADE, related_name="+", null=True, db_index=False, verbose_name=_("instead of")
    )
    read_at = models.DateTimeField(_("read"), null=True)
    # Whether the rooms above have been handed it since it was told (accounts.actions.take_told).
    passed_on = models.BooleanField(default=False, db_default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-id",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notice_inbox"),
            # What the sidebar counts on every page, however many were read or gathered before.
            models.Index(
                fields=["user", "-id"], name="notice_unread", condition=Q(read_at=None, digest=None, held_until=None)
            ),
            models.Index(fields=["held_until"], name="notice_held", condition=Q(held_until__isnull=False)),
            models.Index(fields=["id"], name="notice_told", condition=Q(passed_on=False, held_until=None)),
            models.Index(fields=["digest"], name="notice_lines", condition=Q(digest__isnull=False)),
            models.Index(fields=["instead_of", "-id"], name="notice_instead", condition=Q(instead_of__isnull=False)),
        ]

    def __str__(self) -> str:
        """In the office's own words where the query brought them (NoticeQuerySet.worded), or in the house's."""
        words = getattr(self, "reworded", None) or gettext(self.text)
        if self.kind != NoticeKind.DIGEST:
            return words % self.params
        counts = self.params["kinds"]
        kinds = " · ".join(f"{kind.label} {counts[kind]}" for kind in NoticeKind if kind in counts)
        return words % {"count": sum(counts.values()), "kinds": kinds}


class NoticeText(Changing):
    """A notice in the office's own words, for all who read `language`; '' is the house's own text again."""

    text = models.CharField(_("notice"), max_length=200, editable=False)
    language = models.CharField(_("language"), max_length=8)
    wording = models.CharField(_("wording"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("wording of a notice")
        verbose_name_plural = _("wording of notices")
        constraints: ClassVar = [models.UniqueConstraint(fields=["text", "language"], name="notice_text_once")]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"

    @property
    def scope_code(self) -> str:
        return ""


class Download(Changing):
    """A list that somebody asked for as a file: read part by part by a job, kept privately, gone after some days."""

    user = models.ForeignKey(User, models.CASCADE, related_name="downloads", verbose_name=_("for"))
    kind = models.CharField(_("kind"), max_length=32)
    ending = models.CharField(_("format"), max_length=4)
    asked = models.JSONField(_("asked"), default=dict)
    # What the person saw when asking (gridgov.core.makers.Maker.standing).
    standing = models.CharField(_("scope when asked"), max_length=64)
    at = models.DateTimeField(_("time"))
    expected = models.PositiveIntegerField(_("rows expected"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    # How far the file of lines is, and the mark after which the next part is read.
    bytes = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    after = models.CharField(max_length=200, blank=True, default="", verbose_name=_("read up to"))
    file = models.UUIDField(_("file"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"))

    objects = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="download_own"),
            models.Index(fields=["expires_at"], name="download_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}-{timezone.localtime(self.at):%Y%m%d-%H%M%S}"

    @property
    def scope_code(self) -> str:
        return ""


class SavedList(Changing):
    """The address of a list under a name. `scope` is the code of the street it is shared with, or ''."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_lists", verbose_name=_("whose"))
    page = models.CharField(_("page"), max_length=32)
    name = models.CharField(_("name"), max_length=24)
    query = models.CharField(_("filters"), max_length=500)
    scope = models.CharField(_("shared with"), max_length=9, blank=True, default="")
    is_default = models.BooleanField(_("opens first"), default=False)
    at = models.DateTimeField(_("time"))

    objects = SavedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ("-is_default", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_list_name"),
            models.UniqueConstraint(fields=["user", "page"], condition=Q(is_default=True), name="saved_list_default"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return self.scope


class ListColumns(Changing):
    """The columns of a list that a person wants to see; nobody's own row means the list's usual ones."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("whose"))
    page = models.CharField(_("page"), max_length=32)
    shown = models.JSONField(_("columns"), default=list)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("columns of a list")
        verbose_name_plural = _("columns of lists")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "page"], name="list_columns_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.page}"

    @property
    def scope_code(self) -> str:
        return ""


class EntryApp(Changing):
    """Another app of the office, from which people come in already known (accounts.choices.entry)."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    key = models.CharField(_("app key"), max_length=12, unique=True, editable=False)
    # What its secret is made of; '' before it has one.
    salt = models.CharField(max_length=32, blank=True, default="", editable=False)
    # Whose pages may show ours in a frame, as browsers write an origin.
    origins = models.JSONField(_("may frame our pages"), default=list, blank=True)
    is_active = models.BooleanField(_("switched on"), default=False)
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered"))

    objects = EntryAppQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry app")
        verbose_name_plural = _("entry apps")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_active=False) | ~Q(salt=""), name="entry_app_on_with_secret")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_code(self) -> str:
        return ""

    @property
    def secret(self) -> str:
        """Made of the house's own key, so that no table and no backup holds it."""
        return salted_hmac("accounts.entry", f"{self.key}:{self.salt}", algorithm="sha256").hexdigest()


class EntryPass(Changing):
    """A signed link that was used, by its nonce, or a code that was issued, by its digest: each lets in once."""

    app = models.ForeignKey(EntryApp, models.CASCADE, related_name="passes", verbose_name=_("entry app"))
    nonce = models.CharField(_("nonce or code"), max_length=64)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("account"))
    to = models.CharField(_("leads to"), max_length=200, blank=True, default="")
    used_at = models.DateTimeField(_("used"), null=True)
    expires_at = models.DateTimeField(_("kept until"))

    class Meta:
        verbose_name = _("entry pass")
        verbose_name_plural = _("entry passes")
        constraints: ClassVar = [models.UniqueConstraint(fields=["app", "nonce"], name="entry_pass_once")]
        indexes: ClassVar = [
            models.Index(fields=["nonce"], name="entry_pass_nonce"),
            models.Index(fields=["expires_at"], name="entry_pass_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.app} → {self.user}"

    @property
    def scope_code(self) -> str:
        return ""
