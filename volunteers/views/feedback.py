"""/v/f/<key>/: residents say how an activity was, by the QR code that hangs there. No name, no account, once a device."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from volunteers.actions.feedback import give_feedback
from volunteers.choices.honours import NETWORK_VOICES
from volunteers.choices.work import ProjectState
from volunteers.forms.open import FeedbackForm
from volunteers.models import Feedback, Project
from volunteers.reports.feedback import has_begun
from volunteers.rules.feedback import can_hear, is_first_word
from volunteers.views.voices import insist_on_room, paced, remember, token_of, voice_of

HEARD = (ProjectState.OPEN, ProjectState.ENDED)


@paced
@require_http_methods(["GET", "HEAD", "POST"])
def show_feedback(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The form, and thanks; where nothing can be said (yet, any more, again) a word why."""
    project = Project.objects.filter(key=key, state__in=HEARD).for_list().first()
    if project is None:
        raise Http404
    token, at = token_of(request), timezone.now()
    voice = voice_of(token, f"feedback:{project.pk}")
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.is_trapped:
        try:
            insist_on_room(request, f"feedback:{project.pk}", NETWORK_VOICES)
            said = {name: form.cleaned_data[name] for name in ("stars", "words")}
            give_feedback(project=project, voice=voice, **said, by=User.objects.door(), at=at)
        except Refusal as refusal:
            refuse(form, refusal)
            return _page(request, project, form, token, voice, status=refusal.status)
        return remember(render(request, "volunteers/public/thanks.html", {"project": project}), token)
    return _page(request, project, form, token, voice, status=400 if request.method == "POST" else 200)


def _page(
    request: HttpRequest, project: Project, form: FeedbackForm, token: str, voice: str, *, status: int
) -> HttpResponse:
    verdict = can_hear(project, begun=has_begun(project, timezone.now()), at=timezone.now())
    verdict = verdict and is_first_word(Feedback.objects.filter(project=project, voice=voice).exists())
    context = {"project": project, "form": form, "refusal": verdict.refusal}
    return remember(render(request, "volunteers/public/feedback.html", context, status=status), token)
