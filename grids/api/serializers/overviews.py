"""Coverage, staffing and party organisations of a ground, and what moves when it is redrawn, in the API's shape."""

from rest_framework import serializers

from grids.api.serializers import AboveSerializer, BorderJSON, BoundUnitSerializer, BoundUserSerializer, VisibleField
from grids.choices import MOST_PARTS, GridKind, PartyKind, PostKind, StaffGap
from grids.models import Binding, Grid, PartyOrg, Post, Redrawing


class PatchSerializer(serializers.Serializer):
    """A piece of ground with something wrong, and the grids at it."""

    codes = serializers.ListField(child=serializers.CharField())
    area_m2 = serializers.FloatField()
    geojson = BorderJSON()


class CoverageSerializer(serializers.Serializer):
    """How the grids right below share the ground today."""

    code = serializers.CharField()
    on = serializers.DateField()
    whole = serializers.BooleanField()
    bordered = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField(), help_text="grids without a border")
    gaps = PatchSerializer(many=True)
    overlaps = PatchSerializer(many=True)
    beyond = PatchSerializer(many=True)


class HolderSerializer(serializers.Serializer):
    post = serializers.IntegerField()
    kind = serializers.ChoiceField(PostKind.choices)
    name = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class StaffLineSerializer(serializers.Serializer):
    """A grid in force with those who serve it, and what is wrong with that."""

    id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(GridKind.choices)
    households = serializers.IntegerField(allow_null=True)
    community = serializers.CharField(help_text="code of the total grid; empty above")
    holders = HolderSerializer(many=True)
    gaps = serializers.SerializerMethodField()

    def get_gaps(self, line: object) -> list[StaffGap]:
        return sorted(line.gaps)  # type: ignore[attr-defined]


class CoveringSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    secretary = serializers.CharField()
    joint = serializers.BooleanField()


class PartyLineSerializer(serializers.Serializer):
    """A grid in force, the kind of organisation that should cover it, and those that do."""

    id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(GridKind.choices)
    community = serializers.CharField(help_text="code of the total grid; empty above")
    needed = serializers.ChoiceField(PartyKind.choices)
    orgs = CoveringSerializer(many=True)


class SuggestHouseholdsSerializer(serializers.Serializer):
    households = serializers.IntegerField(min_value=0, max_value=99_999)


# --- redrawing -------------------------------------------------------------------------------------------------------


class MovingPostSerializer(serializers.ModelSerializer):
    user = BoundUserSerializer()

    class Meta:
        model = Post
        fields = ("id", "user", "kind", "grid", "valid_from", "valid_to")


class MovingBindingSerializer(serializers.ModelSerializer):
    user = BoundUserSerializer(source="post.user")
    unit = BoundUnitSerializer(source="post.unit")

    class Meta:
        model = Binding
        fields = ("id", "user", "unit", "grid")


class MovingOrgSerializer(serializers.ModelSerializer):
    class Meta:
        model = PartyOrg
        fields = ("id", "kind", "name")


class MovingSerializer(serializers.Serializer):
    """What goes along. `mark`, sent as `seen` with the verb, lets it be refused where something else hangs on it by then."""

    mark = serializers.CharField()
    grids = AboveSerializer(many=True)
    children = AboveSerializer(many=True)
    posts = MovingPostSerializer(many=True)
    bindings = MovingBindingSerializer(many=True)
    orgs = MovingOrgSerializer(many=True)


class RedrawingSerializer(serializers.ModelSerializer):
    street = serializers.CharField(source="street.code")
    before = AboveSerializer(many=True, help_text="grids that end")
    after = AboveSerializer(many=True, help_text="grids in their place, once it is carried out")
    planned_by = serializers.CharField(source="planned_by.full_name")

    class Meta:
        model = Redrawing
        fields = (
            "id", "kind", "state", "on", "street", "before", "after", "planned_by", "planned_at", "ended_at", "reason",
        )  # fmt: skip


def _keys(of: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, default=list, help_text=of
    )


class NewPartSerializer(serializers.Serializer):
    """A grid to be."""

    name = serializers.CharField(max_length=64)
    code = serializers.CharField(
        max_length=18, required=False, allow_blank=True, default="", help_text="default: the next"
    )
    border = BorderJSON(required=False, allow_null=True, default=None)
    households = serializers.IntegerField(min_value=0, max_value=99_999, required=False, allow_null=True, default=None)
    children = serializers.ListField(
        child=serializers.CharField(max_length=18),
        required=False,
        default=list,
        help_text="codes of the grids it takes",
    )
    without = _keys("posts that don't go on in it")


class SplitSerializer(serializers.Serializer):
    """The parts cover the old border exactly; each of the grids below goes whole to one of them."""

    parts = NewPartSerializer(many=True)
    on = serializers.DateField(required=False, allow_null=True, default=None, help_text="default: today, at once")
    rest = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=MOST_PARTS,
        help_text="the part (0 is the first) of cases without a place",
    )
    seen = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")


class MergeGridsSerializer(serializers.Serializer):
    """Neighbours of one parent and kind."""

    grids = VisibleField(queryset=Grid.objects.all(), many=True)
    name = serializers.CharField(max_length=64)
    on = serializers.DateField(required=False, allow_null=True, default=None, help_text="default: today, at once")
    code = serializers.CharField(
        max_length=18, required=False, allow_blank=True, default="", help_text="default: the next"
    )
    households = serializers.IntegerField(min_value=0, max_value=99_999, required=False, allow_null=True, default=None)
    without = _keys("posts that don't go on")
    seen = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
