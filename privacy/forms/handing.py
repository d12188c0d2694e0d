"""A copy as it is handed out."""

from django.http import HttpResponse

from privacy.models import Request


def zipped(row: Request, content: bytes) -> HttpResponse:
    """The copy as a download that nothing in between keeps."""
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"], answer["Cache-Control"] = f'attachment; filename="{row.no}.zip"', "no-store"
    return answer
