"""WeChat's official account: OAuth as WeChat has it, which is not OpenID Connect (handbook 5.4).

`snsapi_base` asks nobody anything and brings the openid alone, which is personal data: only a digest of it is kept.
"""

import json
from hmac import compare_digest
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core import outgoing
from gridgov.core.errors import Forbidden, Unavailable
from gridgov.sso.answer import Somebody

LABEL = gettext_lazy("WeChat")
STATE = "wechat_state"


def start(request: HttpRequest, back: str) -> HttpResponse:
    """To WeChat, which comes back at once."""
    state = request.session[STATE] = get_random_string(32)
    asked = {
        "appid": settings.WECHAT["appid"], "redirect_uri": back, "response_type": "code", "scope": "snsapi_base", "state": state,
    }  # fmt: skip
    # WeChat wants the parameters in this order, and the fragment.
    return HttpResponseRedirect(
        f"{settings.WECHAT['open']}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"
    )


def finish(request: HttpRequest, back: str) -> Somebody:
    """Whose code it is; a code is good once, for five minutes. Raises Forbidden, Unavailable."""
    expected, code = request.session.pop(STATE, ""), request.GET.get("code", "")
    if not expected or not code or not compare_digest(expected.encode(), request.GET.get("state", "").encode()):
        raise Forbidden(_("WeChat did not vouch for you. Please try again."), code="not_vouched")
    asked = {
        "appid": settings.WECHAT["appid"], "secret": settings.WECHAT["secret"], "code": code[:256],
        "grant_type": "authorization_code",
    }  # fmt: skip
    try:
        answer = outgoing.send("GET", f"{settings.WECHAT['api']}/sns/oauth2/access_token?{urlencode(asked)}")
        said = json.loads(answer.body)
    except (outgoing.Refused, outgoing.Failed, ValueError) as error:
        raise Unavailable(
            _("WeChat does not answer. Sign in with your local account."), code="provider_away"
        ) from error
    openid = said.get("openid") if isinstance(said, dict) else None
    if not openid:
        raise Forbidden(_("WeChat did not vouch for you. Please try again."), code="not_vouched")
    return Somebody(str(openid))
