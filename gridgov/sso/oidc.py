"""OpenID Connect, by Authlib: code flow with PKCE, state and nonce; signature, issuer, audience and times of the ID token are checked.

The provider is found by its issuer's discovery document (OpenID Connect Discovery 1.0).
"""

from functools import lru_cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from joserfc.errors import JoseError

from gridgov.core.errors import Forbidden, Unavailable
from gridgov.sso.answer import Somebody

# Seconds for each question to the provider; the person at the browser waits for it.
PATIENCE = 10
# What may sign an ID token: never "none", and nothing that a client secret could have made.
SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})


def start(request: HttpRequest, back: str) -> HttpResponse:
    """To the provider's own page. Raises Unavailable."""
    client = _client()
    try:
        _known(client)
        answer: HttpResponse = client.authorize_redirect(request, back)
    except (requests.RequestException, AuthlibBaseError, RuntimeError, ValueError) as error:
        _forget()
        raise _away() from error
    return answer


def finish(request: HttpRequest, back: str) -> Somebody:
    """Whom the provider vouches for. Raises Forbidden for an answer that can't be trusted, Unavailable."""
    client = _client()
    try:
        issuer = _known(client)
        checks = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": settings.OIDC["client_id"]},
        }
        token = client.authorize_access_token(request, claims_options=checks)
    except (AuthlibBaseError, JoseError) as error:
        raise Forbidden(
            _("The sign-in service did not vouch for you. Please try again."), code="not_vouched"
        ) from error
    except (requests.RequestException, RuntimeError, ValueError) as error:
        _forget()
        raise _away() from error
    claims = token.get("userinfo") or {}
    if not claims.get("sub"):
        raise Forbidden(_("The sign-in service did not vouch for you. Please try again."), code="not_vouched")
    return Somebody(str(claims["sub"]), _account(client, token, claims))


def _account(client: Any, token: dict[str, Any], claims: dict[str, Any]) -> str:
    """The user name here, where the provider keeps it: in the ID token, or in what it tells at its userinfo address."""
    name = str(settings.OIDC["account_claim"])
    if not name:
        return ""
    if name not in claims:
        try:
            more = client.userinfo(token=token)
        except (requests.RequestException, AuthlibBaseError, ValueError) as error:
            raise _away() from error
        claims = more if more.get("sub") == claims["sub"] else {}
    return str(claims.get(name) or "")


def _known(client: Any) -> str:
    """The issuer, once its discovery document is read, says that it is the one meant, and signs in a way that proves something."""
    found = client.load_server_metadata()
    issuer = str(settings.OIDC["issuer"])
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise ValueError(f"the discovery document is of {found.get('issuer')!r}, not of {issuer!r}")
    signed_by = SIGNED_BY & set(found.get("id_token_signing_alg_values_supported") or ["RS256"])
    if not signed_by:
        raise ValueError("the provider signs in no way that is trusted here")
    found["id_token_signing_alg_values_supported"] = sorted(signed_by)
    return str(found["issuer"])


@lru_cache(maxsize=2)
def _of(issuer: str, client_id: str, client_secret: str, scopes: str) -> Any:
    about = f"{issuer}/.well-known/openid-configuration"
    asked = {"scope": scopes, "code_challenge_method": "S256", "default_timeout": PATIENCE}
    return OAuth().register(
        "office", server_metadata_url=about, client_id=client_id, client_secret=client_secret, client_kwargs=asked
    )


def _client() -> Any:
    given = settings.OIDC
    return _of(given["issuer"], given["client_id"], given["client_secret"], given["scopes"])


def _forget() -> None:
    """What the provider said about itself is asked for again: it may have moved."""
    _of.cache_clear()


def _away() -> Unavailable:
    return Unavailable(_("The sign-in service does not answer. Sign in with your local account."), code="provider_away")
