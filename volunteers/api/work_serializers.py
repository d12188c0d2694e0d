"""Needs, projects, shifts, sign-ups and governance posts as JSON. Volunteers are numbers and nicknames here: names take a scope of
their own."""

from typing import Any

from rest_framework import serializers

from volunteers.choices.people import OLDEST, Skill
from volunteers.choices.work import (
    ABOUT_CHARS,
    MOST_PLACES,
    MOST_WEEKS,
    PLACE_CHARS,
    REFERENCE_CHARS,
    TITLE_CHARS,
    WORDS_CHARS,
    ProjectKind,
)
from volunteers.models import GovernancePost, Need, Project, Shift, SignUp

MOST_AT_ONCE = 500
NUMBER_CHARS = 16
_GRID: dict[str, Any] = {"max_length": 18}


def _words(most: int, *, needed: bool = True) -> serializers.CharField:
    return serializers.CharField(
        max_length=most, **({} if needed else {"required": False, "allow_blank": True, "default": ""})
    )


class OnGridSerializer(serializers.ModelSerializer):
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)


class WhyNotSerializer(serializers.Serializer):
    reason = _words(WORDS_CHARS)


# --- needs


class EnterNeedSerializer(serializers.Serializer):
    """`case`: a case's id, `reference`: a care plan's number; neither: a resident asked. Who needs help is written nowhere here."""

    grid = serializers.CharField(**_GRID)
    words = _words(WORDS_CHARS)
    case = serializers.IntegerField(min_value=1, max_value=2**62, required=False, allow_null=True, default=None)
    reference = _words(REFERENCE_CHARS, needed=False)
    skill = serializers.ChoiceField(Skill.choices, required=False, allow_blank=True, default="")
    people = serializers.IntegerField(min_value=1, max_value=MOST_PLACES, default=1)
    wanted_on = serializers.DateField(required=False, allow_null=True, default=None)


class NeedSerializer(OnGridSerializer):
    case_no = serializers.CharField(source="case.no", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Need
        fields = (
            "id", "grid_code", "grid_name", "source", "state", "case", "case_no", "reference", "words", "skill", "people",
            "wanted_on", "project", "entered_at", "reason",
        )  # fmt: skip


class TakeUpSerializer(serializers.Serializer):
    project = serializers.IntegerField(min_value=1, max_value=2**62)


# --- projects


class MakeProjectSerializer(serializers.Serializer):
    grid = serializers.CharField(**_GRID)
    title = _words(TITLE_CHARS)
    kind = serializers.ChoiceField(ProjectKind.choices, default=ProjectKind.SERVICE)
    about = _words(ABOUT_CHARS, needed=False)
    skills = serializers.ListField(child=serializers.ChoiceField(Skill.choices), max_length=len(Skill), default=list)
    least_age = serializers.IntegerField(min_value=0, max_value=OLDEST, default=0)
    is_dangerous = serializers.BooleanField(default=False)
    is_public = serializers.BooleanField(default=True)


class ProjectSerializer(OnGridSerializer):
    organiser = serializers.CharField(source="organiser.full_name", read_only=True)
    skills = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Project
        fields = (
            "id", "grid_code", "grid_name", "kind", "state", "title", "about", "organiser", "skills", "least_age",
            "is_dangerous", "is_public", "made_at", "opened_at", "ended_at", "reason",
        )  # fmt: skip


class PlanSerializer(serializers.Serializer):
    """`weeks`: the same again in each of so many weeks."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    capacity = serializers.IntegerField(min_value=1, max_value=MOST_PLACES)
    place = _words(PLACE_CHARS)
    break_minutes = serializers.IntegerField(min_value=0, max_value=720, default=0)
    weeks = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS, default=1)


# --- shifts and sign-ups


class ShiftSerializer(OnGridSerializer):
    project_title = serializers.CharField(source="project.title", read_only=True)

    class Meta:
        model = Shift
        fields = (
            "id", "project", "project_title", "grid_code", "grid_name", "state", "starts_at", "ends_at", "break_minutes",
            "capacity", "taken", "place", "reason", "closed_at",
        )  # fmt: skip


class PutDownSerializer(serializers.Serializer):
    """Volunteers by their numbers."""

    volunteers = serializers.ListField(
        child=serializers.CharField(max_length=NUMBER_CHARS), min_length=1, max_length=MOST_AT_ONCE
    )


class LeftOutSerializer(serializers.Serializer):
    volunteer = serializers.CharField(source="volunteer.no")
    reason = serializers.CharField()


class SignUpSerializer(serializers.ModelSerializer):
    volunteer = serializers.CharField(source="volunteer.no", read_only=True)
    volunteer_name = serializers.CharField(source="volunteer.public_name", read_only=True)
    project_title = serializers.CharField(source="shift.project.title", read_only=True)

    class Meta:
        model = SignUp
        fields = (
            "id", "shift", "project_title", "volunteer", "volunteer_name", "state", "queued_at", "arrived_at", "arrived_by",
            "left_at", "cancelled_at", "cancelled_late", "reason",
        )  # fmt: skip


class PutDownAnswerSerializer(serializers.Serializer):
    """Who has a place or waits for one, and who could not be put down, with why."""

    signed_up = SignUpSerializer(many=True)
    left_out = LeftOutSerializer(many=True)


class MinutesSerializer(serializers.Serializer):
    sign_up = serializers.IntegerField(min_value=1, max_value=2**62)
    minutes = serializers.IntegerField(min_value=0, max_value=1440)


class CloseShiftSerializer(serializers.Serializer):
    """What is left out counts from check-in to check-out, less the break."""

    minutes = MinutesSerializer(many=True, default=list)


class FittingSerializer(serializers.Serializer):
    """Why somebody fits: `near` 3 the same grid, 2 the same community, 1 the same street; `free` null where no free times are
    known; `hours` of service in 90 days and shifts `ahead`, which count against."""

    volunteer = serializers.CharField(source="volunteer.no")
    volunteer_name = serializers.CharField(source="volunteer.public_name")
    score = serializers.IntegerField(source="match.score")
    near = serializers.IntegerField(source="match.near")
    free = serializers.BooleanField(source="match.free", allow_null=True)
    skills = serializers.ListField(source="match.skills", child=serializers.CharField())
    hours = serializers.FloatField(source="match.hours")
    ahead = serializers.IntegerField(source="match.ahead")


class CancelSignUpSerializer(serializers.Serializer):
    reason = _words(WORDS_CHARS, needed=False)


class CheckInSerializer(serializers.Serializer):
    """`key`: what the QR code of the shift says behind /here/; organisers need none."""

    key = serializers.UUIDField(required=False, allow_null=True, default=None)


# --- governance posts


class MakePostSerializer(serializers.Serializer):
    grid = serializers.CharField(**_GRID)
    name = _words(TITLE_CHARS)
    duty = _words(WORDS_CHARS)
    place = _words(PLACE_CHARS)
    places = serializers.IntegerField(min_value=1, max_value=MOST_PLACES, default=1)


class GovernancePostSerializer(OnGridSerializer):
    kept = serializers.IntegerField(read_only=True)

    class Meta:
        model = GovernancePost
        fields = ("id", "grid_code", "grid_name", "name", "duty", "place", "places", "kept", "is_open", "made_at")


class SwitchSerializer(serializers.Serializer):
    is_open = serializers.BooleanField()


class EndClaimSerializer(serializers.Serializer):
    """`volunteer`: whose claim, by number; empty: the own one."""

    volunteer = _words(NUMBER_CHARS, needed=False)
    reason = _words(WORDS_CHARS, needed=False)
