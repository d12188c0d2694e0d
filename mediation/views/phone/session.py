"""/m/mediation/sessions/<pk>/: a session, and its record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mediation.views.phone.own import mediator_page, session_or_404


@mediator_page
@require_safe
def show_session(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "mediation/m/session.html", {"session": session_or_404(request, pk)})
