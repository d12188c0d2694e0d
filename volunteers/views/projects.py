"""/v/: the open projects, for everybody; no names of people."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gridgov.core.keyset import Keyset
from volunteers.models import Project
from volunteers.reports.projects import next_shifts, with_next_shift
from volunteers.views.voices import paced

PAGE = 20


@paced
@require_safe
def show_projects(request: HttpRequest) -> HttpResponse:
    """Projects that stand on the public page, the newest first, each with its next shift."""
    rows = Keyset(Project.objects.for_list().public().order_by("-id"))
    page = rows.page(PAGE, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {"page": page, "projects": with_next_shift(page.rows, timezone.now())}
    return render(request, "volunteers/public/projects.html", context)


@paced
@require_safe
def show_project(request: HttpRequest, pk: int) -> HttpResponse:
    project = Project.objects.for_list().public().filter(pk=pk).first()
    if project is None:
        raise Http404
    context = {"project": project, "shifts": next_shifts(project, timezone.now())}
    return render(request, "volunteers/public/project.html", context)
