"""Who hears of requests and reviews."""

import datetime as dt

from django.utils.timezone import localdate, localtime

from accounts.actions import notify
from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from grids.models import Post
from privacy.models import Request


def tell_office(request: Request, text: str, key: str, at: dt.datetime) -> None:
    """The people of the street office that answers REQUEST hear TEXT, once for KEY. No word of who asks."""
    posts = Post.objects.current(localdate(at)).filter(
        grid=request.grid_id, user__role=Role.STREET, user__is_active=True
    )
    words = {"no": request.no, "due": f"{localtime(request.due_at):%Y-%m-%d %H:%M}"}
    about = {"subject_type": "privacy.request", "subject_id": request.pk, "at": at}
    people = sorted(set(posts.values_list("user", flat=True)))
    notify(
        [
            Notice(
                user_id=user,
                kind=NoticeKind.SYSTEM,
                key=f"privacy:{request.pk}:{key}",
                text=text,
                params=words,
                **about,
            )
            for user in people
        ],
        at=at,
    )


def tell_security(text: str, key: str, words: dict[str, str], at: dt.datetime) -> None:
    """The security administrators hear TEXT, once for KEY."""
    people = User.objects.able().filter(role=Role.SECURITY_ADMIN).order_by("pk")
    notify(
        [Notice(user=user, kind=NoticeKind.SYSTEM, key=key, text=text, params=words, at=at) for user in people], at=at
    )
