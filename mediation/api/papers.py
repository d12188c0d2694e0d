"""Papers of a file for those who read it: what was scanned, what is written from templates, and the whole volume as one file.
Each time is recorded."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import Api, ScopedViewSet, asked, shown
from mediation.actions.papers import take_paper, take_signature
from mediation.actions.scans import PDF
from mediation.actions.volume import ask_volume, file_of, take_volume
from mediation.actions.writing import read_document
from mediation.choices.papers import Ending, TemplateKind
from mediation.models import Mediation, Paper, Party, Session, Signature, Volume

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {Ending.PDF: PDF, Ending.DOCX: WORD}
SCAN: Any = {(200, "image/jpeg"): OpenApiTypes.BINARY, (200, PDF): OpenApiTypes.BINARY}
PRINTED: Any = {(200, kind): OpenApiTypes.BINARY for kind in TYPES.values()}
_OF = [OpenApiParameter(name, int) for name in ("session", "party")]
_AS = OpenApiParameter("as", str, enum=Ending.values)


class PaperFileView(Api):
    """A scan or a photo of a paper."""

    @extend_schema(responses=SCAN, summary="卷宗材料的扫描件(每次查看留痕)", tags=["mediations"])
    def get(self, request: Request, pk: int) -> FileResponse:
        try:
            row = take_paper(paper=pk, by=request.user, at=timezone.now())
        except Paper.DoesNotExist:
            raise Http404 from None
        return handed_out(row.file)


class SignatureFileView(Api):
    """What somebody drew or had scanned to sign."""

    @extend_schema(responses=SCAN, summary="签名图片(每次查看留痕)", tags=["mediations"])
    def get(self, request: Request, pk: int) -> FileResponse:
        try:
            row = take_signature(signature=pk, by=request.user, at=timezone.now())
        except Signature.DoesNotExist:
            raise Http404 from None
        return handed_out(row.file)


class OfSerializer(serializers.Serializer):
    """Of which session, for which party, and as what."""

    session = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    party = serializers.IntegerField(required=False, min_value=1, max_value=2**53)


class DocumentView(Api):
    """One paper of a file, written from the template that holds."""

    query_params = ("as", "session", "party")

    @extend_schema(
        parameters=[_AS, *_OF],
        responses=PRINTED,
        summary="由模板写成的文书(PDF或DOCX,每次导出留痕)",
        tags=["mediations"],
    )
    def get(self, request: Request, pk: int, kind: str) -> HttpResponse:
        ending = request.query_params.get("as", Ending.PDF)
        if kind not in TemplateKind.values or ending not in Ending.values:
            raise Http404
        of = asked(OfSerializer, request.query_params)
        try:
            name, content = read_document(
                mediation=pk, kind=TemplateKind(kind), ending=Ending(ending), **of, by=request.user, at=timezone.now()
            )
        except (Mediation.DoesNotExist, Session.DoesNotExist, Party.DoesNotExist):
            raise Http404 from None
        answer = HttpResponse(content, content_type=TYPES[Ending(ending)])
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


class VolumeSerializer(serializers.ModelSerializer):
    """`laid` of `pieces` papers are printed; `url` is there when it is finished."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Volume
        fields = (
            "id", "mediation", "ending", "at", "pieces", "laid", "pages", "bytes", "finished_at", "expires_at", "url"
        )  # fmt: skip

    def get_url(self, row: Volume) -> str | None:
        return reverse("volume-file", args=[row.pk]) if row.finished_at else None


class AskVolumeSerializer(serializers.Serializer):
    mediation = serializers.IntegerField(min_value=1, max_value=2**53)
    ending = serializers.ChoiceField(Ending.choices, default=Ending.PDF)


class VolumeViewSet(ScopedViewSet):
    """The volumes that one exports: one file each, printed in the background, kept for a day."""

    queryset = Volume.objects.all()
    serializer_class = VolumeSerializer
    filterset_fields = ("mediation",)
    refusals = (409,)

    @extend_schema(
        request=AskVolumeSerializer, responses={201: VolumeSerializer}, summary="导出一件案卷的全卷(后台生成,留痕)"
    )
    def create(self, request: Request) -> Response:
        try:
            row = ask_volume(**asked(AskVolumeSerializer, request.data), by=request.user, at=timezone.now())
        except Mediation.DoesNotExist:
            raise Http404 from None
        return Response(shown(VolumeSerializer, row), status.HTTP_201_CREATED)

    @extend_schema(responses=PRINTED, summary="下载导出的全卷(每次留痕)")
    @action(detail=True)
    def file(self, request: Request, pk: str) -> FileResponse:
        try:
            row = take_volume(volume=int(pk), by=request.user, at=timezone.now())
            handle = file_of(row).open("rb")
        except (Volume.DoesNotExist, FileNotFoundError):
            raise Http404 from None
        answer = FileResponse(
            handle,
            as_attachment=True,
            filename=f"mediation-{row.mediation_id}.{row.ending}",
            content_type=TYPES[Ending(row.ending)],
        )
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def handed_out(name: str) -> FileResponse:
    """The kept file NAME: a picture to look at, a PDF to save, for nothing in it is to run on a page of ours. Raises Http404."""
    try:
        handle = (Path(settings.MEDIA_ROOT) / name).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    is_pdf = name.endswith(".pdf")
    answer = FileResponse(handle, as_attachment=is_pdf, content_type=PDF if is_pdf else "image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
