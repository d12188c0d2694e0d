"""A copy as it is handed out."""

from django.http import HttpResponse


def zipped(no: str, content: bytes) -> HttpResponse:
    """The copy of the request NO as a download that nothing in between keeps."""
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"], answer["Cache-Control"] = f'attachment; filename="{no}.zip"', "no-store"
    return answer
