"""What residents find, in the API's shape."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grids.api.serializers import AboveSerializer, VisibleField
from grids.choices import DutyArea, GroupKind, GroupLevel, PostKind
from grids.forms.codes import origin_of
from grids.models import ContactCard, Grid, GridNotice, GroupLink, Post, PublicPage

PAGE_FIELDS = ("is_open", "phone", "gas_phone", "words", "results_after")


class AnnouncementSerializer(serializers.ModelSerializer):
    grid = AboveSerializer()
    by = serializers.CharField(source="by.full_name")

    class Meta:
        model = GridNotice
        fields = ("id", "grid", "title", "text", "is_public", "valid_from", "valid_to", "by", "at", "withdrawn_at")


class AnnounceSerializer(serializers.Serializer):
    """What residents read may name nobody by a mobile or identity number."""

    grid = VisibleField(queryset=Grid.objects.all())
    title = serializers.CharField(max_length=60)
    text = serializers.CharField(max_length=1000)
    is_public = serializers.BooleanField(default=True)
    valid_from = serializers.DateField(required=False, allow_null=True, default=None, help_text="default: today")
    valid_to = serializers.DateField(required=False, allow_null=True, default=None, help_text="the last day")


class ResidentGroupSerializer(serializers.ModelSerializer):
    """Without a `url` there is a picture of its code, at …/picture/."""

    grid = AboveSerializer()
    kept_by = serializers.CharField(source="kept_by.full_name")

    class Meta:
        model = GroupLink
        fields = (
            "id", "grid", "level", "label", "kind", "url", "valid_until", "is_public", "kept_by", "at", "ended_at",
        )  # fmt: skip


class RenewGroupSerializer(serializers.Serializer):
    """Either `url` or `picture`."""

    url = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    picture = serializers.FileField(required=False, help_text="JPEG, PNG or WebP of the QR code")
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    is_public = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="null: as before")


class AddGroupSerializer(RenewGroupSerializer):
    """Either `url` or `picture`."""

    grid = VisibleField(queryset=Grid.objects.all())
    label = serializers.CharField(max_length=40)
    level = serializers.ChoiceField(GroupLevel.choices, default=GroupLevel.GRID)
    kind = serializers.ChoiceField(GroupKind.choices, default=GroupKind.WECHAT)
    is_public = serializers.BooleanField(default=False)


class ContactCardSerializer(serializers.ModelSerializer):
    """`address` is what the card's QR code says; it says nothing more once the card is revoked or the post over."""

    name = serializers.CharField(source="post.user.full_name")
    kind = serializers.ChoiceField(PostKind.choices, source="post.kind")
    grid = AboveSerializer(source="post.grid")
    address = serializers.SerializerMethodField()

    class Meta:
        model = ContactCard
        fields = ("id", "post", "name", "kind", "grid", "address", "at", "revoked_at")

    def get_address(self, card: ContactCard) -> str:
        return f"{origin_of(self.context['request']._request)}{reverse('contact-card', args=[card.token])}"


class IssueCardSerializer(serializers.Serializer):
    post = VisibleField(queryset=Post.objects.all(), help_text="one that is named on the public page")


class PublicPageSerializer(serializers.ModelSerializer):
    street = AboveSerializer()

    class Meta:
        model = PublicPage
        fields = ("id", "street", *PAGE_FIELDS)


class ChangePageSerializer(serializers.Serializer):
    """What is left out stays."""

    is_open = serializers.BooleanField(required=False)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    gas_phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    words = serializers.CharField(max_length=200, required=False, allow_blank=True)
    results_after = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=366, help_text="days; null: by hand only"
    )


class SetPageSerializer(ChangePageSerializer):
    """What is left out is empty."""

    street = VisibleField(queryset=Grid.objects.filter(parent=None))
    is_open = serializers.BooleanField()


# --- a grid's page as everybody reads it -----------------------------------------------------------------------------


class ServerSerializer(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.ChoiceField(PostKind.choices)
    phone = serializers.CharField(help_text="entered for the public")
    grid = serializers.CharField()
    own = serializers.BooleanField(help_text="of this grid, not of one above")


class AreaDutiesSerializer(serializers.Serializer):
    area = serializers.ChoiceField(DutyArea.choices)
    texts = serializers.ListField(child=serializers.CharField())


class KindDutiesSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(PostKind.choices)
    areas = serializers.SerializerMethodField()

    @extend_schema_field(AreaDutiesSerializer(many=True))
    def get_areas(self, duties: Any) -> list[dict[str, Any]]:
        return [{"area": area, "texts": list(texts)} for area, texts in duties.areas]


class OpenNoticeSerializer(serializers.Serializer):
    title = serializers.CharField()
    text = serializers.CharField()
    grid = serializers.CharField()
    valid_from = serializers.DateField(source="first")
    valid_to = serializers.DateField(source="last", allow_null=True)


class OpenGroupSerializer(serializers.Serializer):
    """Without a `url` its code is a picture on the page."""

    label = serializers.CharField()
    level = serializers.ChoiceField(GroupLevel.choices)
    kind = serializers.ChoiceField(GroupKind.choices)
    url = serializers.CharField()
    valid_until = serializers.DateField(source="until", allow_null=True)
    grid = serializers.CharField()


class GridPageSerializer(serializers.Serializer):
    """`address` is what the plate's QR code says. While the street's pages are closed there is nothing else to read."""

    address = serializers.CharField()
    is_open = serializers.BooleanField()
    servers = ServerSerializer(many=True)
    duties = KindDutiesSerializer(many=True)
    notices = OpenNoticeSerializer(many=True)
    groups = OpenGroupSerializer(many=True)
    ended = serializers.DateField(allow_null=True)
    heir = serializers.CharField(allow_null=True, help_text="code of the grid that follows one that has ended")
