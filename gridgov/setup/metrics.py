"""/metrics: how the house stands, for Prometheus. Numbers and patterns only; for whoever has the token, or asks from a network
that the office names. To all others there is no such page."""

from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gridgov.core.counts import address_of
from gridgov.core.gauges import as_text, families

FORM = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not (_has_token(request) or _is_near(request)):
        raise Http404
    return HttpResponse(as_text(families(at=timezone.now())), content_type=FORM)


def _has_token(request: HttpRequest) -> bool:
    keyword, _space, sent = request.headers.get("Authorization", "").partition(" ")
    return bool(settings.METRICS_TOKEN) and keyword == "Bearer" and constant_time_compare(sent, settings.METRICS_TOKEN)


def _is_near(request: HttpRequest) -> bool:
    """Whether it comes from a network that was named, as far as our own proxies say so."""
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_NETWORKS)
