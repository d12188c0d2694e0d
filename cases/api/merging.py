"""Merging and taking apart, the public reply, calls back."""

import datetime as dt

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cases import actions
from cases.api import serializers as s
from cases.api.verbs import CaseVerbs, verb
from cases.forms import case_named
from cases.models import Case
from gridgov.core.api import shown


class MergingVerbs(CaseVerbs):
    """Part of CaseViewSet."""

    @verb("merge", s.MergeSerializer, "并入另一案件(后报的并入先报的)")
    def merge(self, request: Request, pk: str) -> Response:
        return self.move(_merge, s.MergeSerializer)

    @verb("unmerge", s.ReasonSerializer, "从主办案件中拆分出来")
    def unmerge(self, request: Request, pk: str) -> Response:
        return self.move(actions.unmerge_case, s.ReasonSerializer)

    @verb("reply", s.ReplySerializer, "填写或修改公开答复")
    def reply(self, request: Request, pk: str) -> Response:
        return self.move(actions.set_reply, s.ReplySerializer)

    @verb("call-back", s.CalledSerializer, "登记回访", answers=s.CallbackSerializer)
    def call_back(self, request: Request, pk: str) -> Response:
        return Response(shown(s.CallbackSerializer, self.act(actions.call_back, s.CalledSerializer)))


def _merge(*, leading: str, case: int, reason: str, by: User, at: dt.datetime) -> Case:
    return actions.merge_case(case=case, leading=case_named(leading, by), reason=reason, by=by, at=at)
