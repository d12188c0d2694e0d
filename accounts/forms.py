"""What the account pages ask for."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.forms import AuthenticationForm as DeskAuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import actions
from accounts.choices import DESK_ROLES, Role
from accounts.models import Delegation, EntryApp, User
from accounts.reports import was_theirs
from accounts.rules.passwords import is_new
from accounts.rules.signing import TOO_MANY
from gridgov.core.errors import Refusal
from gridgov.core.forms import DeskForm, HouseForm, put_on

# Every role a person can have.
ROLES = [(role.value, role.label) for role in Role if role in DESK_ROLES]


class _Locked:
    """Put before a form of signing in: of a name that is locked it says that it is (accounts.api.door.PasswordBackend)."""

    request: Any

    def get_invalid_login_error(self) -> Any:
        if getattr(self.request, "locked_out", False):
            return forms.ValidationError(TOO_MANY, code="locked")
        return super().get_invalid_login_error()  # type: ignore[misc]


class SignInForm(_Locked, AuthenticationForm):
    """A name and its password, on the phone and where somebody says whose account it is."""


class DeskSignInForm(_Locked, DeskAuthenticationForm):
    """The same at the desk (settings: UNFOLD)."""


class ChosenPassword(SetPasswordForm):
    """A new password of one's own, twice; none of the last ones."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and was_theirs(self.user, given["new_password1"]):
            self.add_error("new_password1", str(is_new(True).refusal))
        return given


class OwnPassword(ChosenPassword, PasswordChangeForm):
    """The same with the old one, whose wrong tries count as they do at the door."""

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        try:
            actions.check_own_password(user=self.user, password=given, at=timezone.now())
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None
        return given


class OwnPasswordForm(OwnPassword, AdminOwnPasswordChangeForm):
    """At the desk; saved by the action, which records it."""

    def save(self, commit: bool = True) -> User:
        self.user: User = actions.set_password(
            user=self.user, password=self.cleaned_data["new_password1"], by=self.user, at=timezone.now()
        )
        return self.user


class AccountForm(forms.ModelForm):
    """A new account. A security administrator says afterwards that it may sign in."""

    role = forms.ChoiceField(label=_("role"), choices=ROLES)
    password = forms.CharField(
        label=_("first password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
        strip=False,
    )

    class Meta:
        model = User
        fields = ("username", "full_name", "phone", "role", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class PersonField(forms.CharField):
    """Somebody by user name, or by a full name that only one bears: who is asked has no list of all accounts."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return User.objects.get(pk=value).username if isinstance(value, int) else value

    def clean(self, value: Any) -> User | None:
        name = super().clean(value)
        if not name:
            return None
        people = User.objects.able()
        found: list[User] = list(people.filter(username=name)) or list(people.filter(full_name=name)[:2])
        if len(found) == 1:
            return found[0]
        wrong = (
            _t("Several people are called “%(name)s”. Please give the user name.")
            if found
            else _t("There is no account “%(name)s”.")
        )
        raise forms.ValidationError(wrong % {"name": name})


class DelegationForm(DeskForm):
    """Who stands in, and when. For whom is asked of the system hand alone."""

    user = PersonField(label=_("absent (user name or full name)"))
    # Who that is is found by the action, which tells nobody what accounts there are.
    deputy = forms.CharField(
        label=_("stand-in (user name or full name)"), max_length=48, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Delegation
        fields = ("user", "deputy", "valid_from", "valid_to", "reason")


class RoleForm(HouseForm):
    role = forms.ChoiceField(label=_("role"), choices=ROLES)

    def arrange(self) -> None:
        self.fields["role"].initial = self.row.role


class PasswordForm(HouseForm):
    """Another person's password."""

    password = forms.CharField(
        label=_("new password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
        strip=False,
    )
    again = forms.CharField(
        label=_("new password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given["password"] != given.pop("again", None):
            self.add_error("again", _("The two passwords are not the same."))
        return given


class WordingForm(HouseForm):
    """A notice in words of one's own."""

    wording = forms.CharField(label=_("wording"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class OriginsField(forms.CharField):
    """Origins, one a line; what a person adds to one (a slash at the end, capitals) is taken off."""

    def __init__(self) -> None:
        super().__init__(
            label=_("may frame our pages"),
            required=False,
            max_length=2500,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One origin a line, like https://app.example.cn. Empty: nobody may show our pages in a frame."),
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (line.strip().rstrip("/").lower() for line in super().to_python(value).splitlines())
        return [line for line in lines if line]


class EntryAppForm(DeskForm):
    """Another app of the office."""

    origins = OriginsField()

    class Meta:
        model = EntryApp
        fields = ("name", "origins", "expires_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class EntrySecretForm(HouseForm):
    """So that nobody shuts an app out by a slip of the hand."""

    sure = forms.BooleanField(label=_("I know that a secret made before is worth nothing from now on."))


class EntryAppVerbForm(HouseForm):
    """What can be changed of it later."""

    origins = OriginsField()
    expires_on = forms.DateField(label=_("last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def arrange(self) -> None:
        self.fields["origins"].initial = self.row.origins
        self.fields["expires_on"].initial = self.row.expires_on
