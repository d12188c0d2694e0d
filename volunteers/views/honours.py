"""/v/honours/: names that stand open, and objections; /v/c/<code>/: whether a certificate is what it says. No names of people:
nicknames or numbers."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from volunteers.actions.certificates import object_to
from volunteers.choices.honours import NETWORK_OBJECTIONS, CertificateKind
from volunteers.forms.open import CodeForm, ObjectionForm
from volunteers.models import Certificate, Objection
from volunteers.reports.certificates import in_publicity, verified
from volunteers.rules.certificates import can_object
from volunteers.views.voices import insist_on_room, paced, remember, token_of, voice_of

NUMBER_SIGNS = 32


@paced
@require_safe
def show_honours(request: HttpRequest) -> HttpResponse:
    """Everybody who is to be honoured, street by street, as long as it stands open."""
    return render(request, "volunteers/public/honours.html", {"streets": in_publicity(timezone.localdate())})


@paced
@require_http_methods(["GET", "HEAD", "POST"])
def object_to_honour(request: HttpRequest, no: str) -> HttpResponse:
    """No name is asked. It is answered by the office, and until then nothing is issued."""
    rows = Certificate.objects.filter(kind=CertificateKind.HONOUR).for_list()
    row = rows.filter(no=no).first() if len(no) <= NUMBER_SIGNS and no.isprintable() else None
    if row is None:
        raise Http404
    token = token_of(request)
    voice = voice_of(token, f"certificate:{row.pk}")
    form, status, done = ObjectionForm(request.POST or None), 200, False
    if request.method == "POST":
        status = 400
        if form.is_valid() and not form.is_trapped:
            try:
                insist_on_room(request, "objections", NETWORK_OBJECTIONS)
                words = form.cleaned_data["words"]
                object_to(certificate=row, words=words, voice=voice, by=User.objects.door(), at=timezone.now())
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                status, done = 200, True
    spoken = not done and Objection.objects.filter(certificate=row, voice=voice).exists()
    refusal = can_object(row, spoken=spoken, today=timezone.localdate()).refusal
    context = {"row": row, "form": form, "done": done, "refusal": refusal}
    return remember(render(request, "volunteers/public/object.html", context, status=status), token)


@paced
@require_http_methods(["GET", "HEAD", "POST"])
def ask_code(request: HttpRequest) -> HttpResponse:
    """For who holds a paper and no camera: the code typed."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plain = "".join(sign for sign in form.cleaned_data["code"] if sign.isascii() and sign.isalnum()).upper()
        return HttpResponseRedirect(reverse("v-certificate", args=[plain or "0"]))
    return render(request, "volunteers/public/check.html", {"form": form}, status=400 if form.errors else 200)


@paced
@require_safe
def show_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """What the house knows of the paper with this code; a forged one gets a clear word, and 404."""
    found = verified(code)
    return render(request, "volunteers/public/certificate.html", {"found": found}, status=200 if found else 404)
