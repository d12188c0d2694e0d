"""The QR code of a grid's public page, as large as the screen: a resident scans it from the worker's phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.choices import CASE_ROLES
from gridgov.core.phone import phone_page
from grids.forms.codes import draw_code, origin_of
from grids.views.phone.grid import own_or_404


@phone_page(roles=CASE_ROLES)
@require_safe
def show_code(request: HttpRequest, code: str) -> HttpResponse:
    grid = own_or_404(request, code)
    address = f"{origin_of(request)}{reverse('grid-page', args=[grid.code])}"
    context = {"grid": grid, "address": address, "code": draw_code(address)}
    return render(request, "grids/m/code.html", context)
