"""What protects every page alike: the content policy, tokens against forged forms, the one way out, patterns that end."""

import ast
import re
import re._parser as parser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import unfold
from django.conf import settings
from django.test import Client

from gridgov.policy import PERMISSIONS
from tests.factories import make_cast, make_user
from tests.house.exemptions import Exemption, judge
from tests.house.source import ROOT, modules
from tests.house.test_addresses import API, addresses

TEMPLATES = ROOT / "templates"
# Of the theme: none of these is drawn by a page of ours, or only with what we never give it.
THEME = {
    "admin/change_list.html": Exemption("a style only for lists without actions_on_top; there is none"),
    "unfold/helpers/avatar.html": Exemption("a style only for an account with a picture; ours have none"),
    "unfold/helpers/display_dropdown.html": Exemption("a style only for a width; no list of ours has such a column"),
    "unfold/helpers/display_header.html": Exemption("a style only for a picture; no list of ours has such a column"),
    "unfold/components/table.html": Exemption("a component that no page of ours draws"),
    "unfold/components/progress.html": Exemption("a component that no page of ours draws"),
    "unfold/layouts/unauthenticated.html": Exemption("a style only for LOGIN.image, which is not set"),
    "unfold/widgets/clearable_file_input_small.html": Exemption(
        "a picture kept by a model; no model of ours keeps one"
    ),
    "unfold/helpers/search.html": Exemption("the search we have not switched on (SIDEBAR.show_search)"),
    "unfold_crispy/layout/table_inline_formset.html": Exemption("for django-crispy-forms, which is not installed"),
}
# Changed without a token of ours, each by something that no other page can send along.
WITHOUT_TOKEN = {
    "/m/look/": Exemption("the size of the type is nobody's secret"),
    "/open311/": Exemption("no address of Open311"),
    "/open311/1": Exemption("known by the key in the request; cookies are not looked at"),
    "/exchange/1/1": Exemption("known by the partner's signature"),
    "/api/v1/token/": Exemption("the door: user name and password stand in the request"),
    "/api/v1/entry-codes/": Exemption("known by the app's secret in the request"),
}
OUTWARD = {"requests", "urllib.request", "http.client", "httpx", "aiohttp", "smtplib", "ftplib", "telnetlib", "socket"}
BY_THEMSELVES = {
    "gridgov/core/outgoing.py": Exemption("the one way out"),
    "gridgov/core/meters.py": Exemption("asks for this machine's own name; connects to nobody"),
    "gridgov/sso/oidc.py": Exemption("only the exceptions of the library; the issuer stands in the environment"),
    "gridgov/up/valkey.py": Exemption("looks for a free port of this machine"),
    "gridgov/up/web.py": Exemption("asks the web process of `make run`"),
    "gridgov/up/stack.py": Exemption("looks for a free port of this machine"),
    "integrations/actions/channels/mail.py": Exemption("SMTP; judged by can_speak_to_mail_server"),
    "integrations/simulator/city.py": Exemption("a simulated city, run by hand; no part of the house"),
}


def inline_in(source: str) -> str:
    """What of a template a strict content policy would refuse; empty if nothing."""
    bare = re.sub(r"(?s){% comment.*?endcomment %}|{#.*?#}", "", source)
    for name, pattern in (
        ("a script in the page", r"""<script(?![^>]*\bsrc=)(?![^>]*type="(?:application/(?:ld\+)?json|text/template)")[^>]*>"""),
        ("a style in the page", r"<style(?![^>]*\bnonce=)"),
        ("a style of an element", r"""(?<![\w:-])style\s*=\s*["']"""),
        ("a style as text", r"""(?:x-bind)?:style="[^{"]"""),
        ("an on… attribute", r"""<[^>]*\son[a-z]+\s*=\s*["']"""),
        ("a javascript: address", r"javascript:"),
        ("a statement that Alpine without eval can't read", r"""(?:x-[\w.:-]+|@[\w.-]+)="[^"]*(?:\bif \(|=>|\blet |;\s*[^\s"])"""),
    ):  # fmt: skip
        if re.search(pattern, bare):
            return name
    return ""


def test_no_template_needs_more_than_the_policy_gives() -> None:
    ours = {path.relative_to(TEMPLATES).as_posix(): path for path in TEMPLATES.rglob("*.html")}
    home = Path(unfold.__file__).parent / "templates"
    drawn = {path.relative_to(home).as_posix(): path for path in home.rglob("*.html")} | ours
    found = {name: inline_in(path.read_text(encoding="utf-8")) for name, path in drawn.items()}
    judge({name: why for name, why in found.items() if why}, THEME, "Nothing is written into pages:")


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/admin/", "/admin/login/", "/m/login/", "/r/", "/api/v1/docs/", "/nowhere/"])
def test_every_page_comes_under_the_strict_policy(url: str) -> None:
    client = Client()
    client.force_login(make_user("system_admin"))
    told = client.get(url).headers
    policy = told["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in f"{policy};"
    assert "object-src 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
    assert told["Permissions-Policy"] == PERMISSIONS
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert url == "/r/" or "no-store" in told["Cache-Control"]


@pytest.mark.django_db
def test_nothing_is_changed_without_a_token() -> None:
    """Every address, sent to from another site's page in a browser that is signed in at the desk."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_cast("B").street)
    faults = {}
    for address in addresses():
        methods = [one for one in address.methods if one != "get"] if address.url.startswith(API) else ["post"]
        for method in methods:
            answer = getattr(client, method)(address.url, {"a": "b"}, content_type="application/json") if (
                address.url.startswith(API)) else client.post(address.url, {"a": "b"})  # fmt: skip
            if answer.status_code not in {403, 405}:
                faults[address.url] = f"{method.upper()} without a token is answered {answer.status_code}"
    judge(faults, WITHOUT_TOKEN, "Forged forms change nothing:")


def _outward(tree: Any) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & OUTWARD


def test_all_that_is_sent_out_goes_one_way() -> None:
    faults = {m.path: f"imports {', '.join(sorted(used))}" for m in modules() if (used := _outward(m.tree))}
    judge(faults, BY_THEMSELVES, "Sent by gridgov.core.outgoing, which lets nobody be turned inwards:")


def _written(tree: Any) -> Iterator[str]:
    """The patterns in TREE; an x stands where an f-string puts something in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute | ast.Name):
            called, first = ast.unparse(node.func), node.args[0]
            if called == "RegexValidator" or called.startswith("re."):
                parts = first.values if isinstance(first, ast.JoinedStr) else [first]
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


REPEATS = {parser.MAX_REPEAT, parser.MIN_REPEAT}


def read_in_many_ways(items: Any) -> bool:
    """Whether a repeat in ITEMS repeats what is one repeat itself, beside what may be missing: `(a+b?)+` reads a row of thirty
    a's in a billion ways before it says that no c follows (Friedl, Mastering Regular Expressions: catastrophic backtracking)."""
    for kind, said in items:
        inner = list(said[2] if kind in REPEATS else said[3] if kind is parser.SUBPATTERN else ())
        branches = said[1] if kind is parser.BRANCH else [inner]
        if kind in REPEATS and said[1] >= 10:
            while len(inner) == 1 and inner[0][0] is parser.SUBPATTERN:
                inner = list(inner[0][1][3])
            there = [
                (one, what) for one, what in inner if one is not parser.AT and not (one in REPEATS and not what[0])
            ]
            if not there or (len(there) == 1 and there[0][0] in REPEATS and there[0][1][0] != there[0][1][1]):
                return True
        if any(read_in_many_ways(branch) for branch in branches):
            return True
    return False


def test_no_pattern_takes_for_ever_over_what_somebody_sends() -> None:
    assert read_in_many_ways(parser.parse(r"((?:\d{1,4}[, ]*)+)(?:x)"))
    assert not read_in_many_ways(parser.parse(r"(\d{1,4}(?:[, ]+\d{1,4}){0,40})[, ]*x"))
    written = [(m.path, pattern) for m in modules() for pattern in _written(m.tree)]
    assert len(written) > 60
    assert [(path, pattern) for path, pattern in written if read_in_many_ways(parser.parse(pattern))] == []


def test_nothing_is_unpickled_and_sessions_and_tasks_are_json() -> None:
    from gridgov.celery import app

    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert set(app.conf.accept_content) == {"json"}
    assert app.conf.task_serializer == "json"
    used = {m.path for m in modules() for node in ast.walk(m.tree) if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            if name.split(".")[0] in {"pickle", "marshal", "shelve", "dill"}}  # fmt: skip
    assert used == set()


@pytest.mark.django_db
@pytest.mark.usefixtures("one_minute")
def test_sheets_are_counted_by_person(settings: Any) -> None:
    settings.MINUTE_LIMITS = {**settings.MINUTE_LIMITS, "costly": 2}
    cast = make_cast("B")
    client, other = Client(), Client()
    client.force_login(cast.street)
    other.force_login(cast.lead)
    url = "/admin/grids/grid/template/"
    assert [client.get(f"{url}?format={ending}").status_code for ending in ("", "a", "b", "c")] == [200, 200, 200, 429]
    assert int(client.get(url)["Retry-After"]) in range(1, 61)
    assert "文件" in client.get(url).content.decode()
    assert client.get("/admin/grids/grid/").status_code == 200
    assert client.get(f"{url}?format=csv").status_code == 200
    assert other.get("/admin/").status_code == 200
