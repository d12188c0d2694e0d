"""What the API shows of the map and asks of its verbs. Other rows are named by their keys and must be visible."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from gridgov.core.masking import mask_phone
from grids.choices import GridKind, MicroType, PartyKind, PostKind, UnitKind
from grids.models import Binding, Grid, PartyOrg, Post, Unit

POLYGON = {
    "type": "object",
    "description": "GeoJSON Polygon, WGS-84, at most 5000 points",
    "properties": {
        "type": {"type": "string", "enum": ["Polygon"]},
        "coordinates": {
            "type": "array",
            "items": {
                "type": "array",
                "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
            },
        },
    },
    "required": ["type", "coordinates"],
}


@extend_schema_field(POLYGON)
class BorderJSON(serializers.JSONField):
    """A GeoJSON polygon; the action checks it."""


class VisibleField(serializers.PrimaryKeyRelatedField):
    """The key of a row that the caller can see; others don't exist."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user) if rows is not None else None


# --- grids -----------------------------------------------------------------------------------------------------------


class GridLineSerializer(serializers.ModelSerializer):
    """A line of the list."""

    class Meta:
        model = Grid
        fields: tuple[str, ...] = (
            "id", "code", "kind", "micro_type", "name", "parent", "level", "households", "area_m2", "valid_from",
            "valid_to", "superseded_by",
        )  # fmt: skip


class AboveSerializer(serializers.ModelSerializer):
    class Meta:
        model = Grid
        fields = ("id", "code", "kind", "name")


class GridSerializer(GridLineSerializer):
    """One grid with its border and the grids above it, the street first."""

    border = BorderJSON(allow_null=True, read_only=True)
    above = serializers.SerializerMethodField()

    class Meta(GridLineSerializer.Meta):
        fields = (*GridLineSerializer.Meta.fields, "border", "above")

    @extend_schema_field(AboveSerializer(many=True))
    def get_above(self, grid: Grid) -> Any:
        rows = Grid.objects.above(grid).exclude(pk=grid.pk).only("code", "kind", "name")
        return AboveSerializer(rows, many=True).data


class FoundGridSerializer(serializers.Serializer):
    parent: Any = VisibleField(queryset=Grid.objects.all(), allow_null=True, default=None)
    kind = serializers.ChoiceField(GridKind.choices)
    micro_type = serializers.ChoiceField(MicroType.choices, default="", allow_blank=True)
    name = serializers.CharField(max_length=64)
    code = serializers.CharField(max_length=18, default="", allow_blank=True, help_text="empty: the next free code")
    households = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    valid_from = serializers.DateField(required=False, help_text="default: today")
    border = BorderJSON(allow_null=True, default=None)


class ChangeGridSerializer(serializers.Serializer):
    """What is left out stays."""

    name = serializers.CharField(max_length=64, required=False)
    households = serializers.IntegerField(min_value=0, allow_null=True, required=False)
    valid_from = serializers.DateField(required=False)


class MoveGridSerializer(serializers.Serializer):
    parent: Any = VisibleField(queryset=Grid.objects.all())


class RetireGridSerializer(serializers.Serializer):
    valid_to = serializers.DateField(help_text="the last day")
    superseded_by = VisibleField(queryset=Grid.objects.all(), allow_null=True, default=None)


class GridBorderSerializer(serializers.Serializer):
    border = BorderJSON(allow_null=True, help_text="null takes it away")


class BorderPropertiesSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(GridKind.choices)
    parent: Any = serializers.IntegerField(allow_null=True)


class BorderFeatureSerializer(serializers.Serializer):
    type = serializers.ChoiceField(["Feature"])
    id = serializers.IntegerField()
    geometry = BorderJSON()
    properties = BorderPropertiesSerializer()


class BorderCollectionSerializer(serializers.Serializer):
    """A GeoJSON FeatureCollection."""

    type = serializers.ChoiceField(["FeatureCollection"])
    features = BorderFeatureSerializer(many=True)


# --- units, posts, party organisations -------------------------------------------------------------------------------


class UnitSerializer(serializers.ModelSerializer):
    aliases = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Unit
        fields = ("id", "name", "aliases", "kind", "area_prefix", "phone", "lng", "lat", "is_active")


class RegisterUnitSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=64)
    kind = serializers.ChoiceField(UnitKind.choices)
    aliases = serializers.ListField(child=serializers.CharField(max_length=64), default=list)
    area_prefix = serializers.RegexField(r"^\d*$", max_length=12, default="", allow_blank=True)
    phone = serializers.CharField(max_length=20, default="", allow_blank=True)
    lng = serializers.FloatField(allow_null=True, default=None)
    lat = serializers.FloatField(allow_null=True, default=None)


class ChangeUnitSerializer(serializers.Serializer):
    """What is left out stays."""

    name = serializers.CharField(max_length=64, required=False)
    kind = serializers.ChoiceField(UnitKind.choices, required=False)
    aliases = serializers.ListField(child=serializers.CharField(max_length=64), required=False)
    area_prefix = serializers.RegexField(r"^\d*$", max_length=12, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    lng = serializers.FloatField(required=False, allow_null=True)
    lat = serializers.FloatField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "full_name", "role")


class PostSerializer(serializers.ModelSerializer):
    user = PersonSerializer()
    grid = AboveSerializer(allow_null=True)

    class Meta:
        model = Post
        fields = (
            "id", "user", "kind", "grid", "unit", "area_prefix", "valid_from", "valid_to", "is_public_contact", "public_phone",
        )  # fmt: skip


class GivePostSerializer(serializers.Serializer):
    """Exactly one of `grid`, `unit` and `area_prefix`."""

    user = serializers.SlugRelatedField("username", queryset=User.objects.able(), help_text="user name")
    kind = serializers.ChoiceField(PostKind.choices)
    grid = VisibleField(queryset=Grid.objects.all(), allow_null=True, default=None)
    unit = VisibleField(queryset=Unit.objects.all(), allow_null=True, default=None)
    area_prefix = serializers.RegexField(r"^\d{6}$", default="", allow_blank=True)
    valid_from = serializers.DateField(required=False, help_text="default: today")
    valid_to = serializers.DateField(allow_null=True, default=None, help_text="the last day")
    is_public_contact = serializers.BooleanField(default=False)


class EndSerializer(serializers.Serializer):
    valid_to = serializers.DateField(help_text="the last day")


class HandOverSerializer(serializers.Serializer):
    """The post goes on as it stands; its holder's last day is the one before."""

    user = serializers.SlugRelatedField("username", queryset=User.objects.able(), help_text="user name")
    valid_from = serializers.DateField(help_text="the first day")


class DiscloseSerializer(serializers.Serializer):
    """`phone` is for the public; the account's own number never goes there."""

    shown = serializers.BooleanField()
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class BoundUserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "full_name")


class BoundUnitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ("id", "name", "phone")


class BindingSerializer(serializers.ModelSerializer):
    """`phone` is whole where the post is a public contact, masked elsewhere."""

    user = BoundUserSerializer(source="post.user")
    unit = BoundUnitSerializer(source="post.unit")
    grid = AboveSerializer()
    phone = serializers.SerializerMethodField()
    is_public_contact = serializers.BooleanField(source="post.is_public_contact")
    matters = serializers.ListField(child=serializers.CharField(), help_text="empty: everything the unit does")

    class Meta:
        model = Binding
        fields = (
            "id", "post", "user", "unit", "phone", "is_public_contact", "grid", "matters", "valid_from", "valid_to",
        )  # fmt: skip

    def get_phone(self, binding: Binding) -> str:
        number = binding.post.user.phone
        return number if binding.post.is_public_contact else mask_phone(number)


class BindSerializer(serializers.Serializer):
    post: Any = VisibleField(
        queryset=Post.objects.filter(kind=PostKind.SPECIALIST_WORKER), help_text="of a professional grid worker"
    )
    grid = VisibleField(queryset=Grid.objects.all())
    matters = serializers.ListField(
        child=serializers.CharField(max_length=16),
        default=list,
        help_text="codes of categories or their beginnings; empty: everything the unit does",
    )
    valid_from = serializers.DateField(required=False, help_text="default: today")
    valid_to = serializers.DateField(allow_null=True, default=None, help_text="the last day")


class PartyOrgLineSerializer(serializers.ModelSerializer):
    secretary = serializers.CharField(source="secretary.full_name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = PartyOrg
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "name",
            "street",
            "parent",
            "level",
            "secretary",
            "valid_from",
            "valid_to",
        )


class PartyOrgSerializer(PartyOrgLineSerializer):
    grids = AboveSerializer(many=True)

    class Meta(PartyOrgLineSerializer.Meta):
        fields = (*PartyOrgLineSerializer.Meta.fields, "grids")


class FoundPartyOrgSerializer(serializers.Serializer):
    """`street` for a work committee, `parent` for all others."""

    parent: Any = VisibleField(queryset=PartyOrg.objects.all(), allow_null=True, default=None)
    street = VisibleField(queryset=Grid.objects.all(), allow_null=True, default=None)
    kind = serializers.ChoiceField(PartyKind.choices)
    name = serializers.CharField(max_length=64)
    grids = VisibleField(queryset=Grid.objects.all(), many=True, default=list)
    secretary = serializers.SlugRelatedField(
        "username", queryset=User.objects.able(), allow_null=True, default=None, help_text="user name"
    )
    valid_from = serializers.DateField(required=False, help_text="default: today")


class ChangePartyOrgSerializer(serializers.Serializer):
    """What is left out stays."""

    name = serializers.CharField(max_length=64, required=False)
    secretary = serializers.SlugRelatedField(
        "username", queryset=User.objects.able(), required=False, allow_null=True, help_text="user name"
    )


class CoverGridsSerializer(serializers.Serializer):
    grids = VisibleField(queryset=Grid.objects.all(), many=True)
