"""Pages by key: every row once, forwards and backwards, whatever comes in meanwhile, empty columns too."""

import datetime as dt
from itertools import chain

import pytest

from gridgov.core.keyset import Keyset
from gridgov.core.models import Job
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db
ORDERS = [("id",), ("-id",), ("stuck_at", "id"), ("-stuck_at", "-id"), ("due_at", "pk")]


def make(key: object, *, stuck: int | None = None) -> Job:
    stuck_at = None if stuck is None else MONDAY + dt.timedelta(hours=stuck)
    return Job.objects.create(kind="t", key=str(key), due_at=MONDAY, run_at=MONDAY, stuck_at=stuck_at)


@pytest.fixture
def jobs() -> list[Job]:
    """Eleven, some stuck at the same moment, some at none."""
    Job.objects.all().delete()
    return [make(n, stuck=None if n % 3 == 0 else n // 4) for n in range(11)]


def walked(order: tuple[str, ...], size: int) -> list[list[int]]:
    pages, after = [], ""
    while True:
        page = Keyset(Job.objects.order_by(*order)).page(size, after=after)
        pages.append([row.pk for row in page.rows])
        after = page.after
        if not after:
            return pages


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 4, 11, 20])
def test_forwards_every_row_once_in_order(jobs: list[Job], order: tuple[str, ...], size: int) -> None:
    pages = walked(order, size)
    assert list(chain.from_iterable(pages)) == list(Job.objects.order_by(*order).values_list("pk", flat=True))
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [2, 3])
def test_backwards_the_same_pages(jobs: list[Job], order: tuple[str, ...], size: int) -> None:
    rows = Job.objects.order_by(*order)
    everything = list(rows.values_list("pk", flat=True))
    pages = walked(order, size)
    page = Keyset(rows).page(size, after=Keyset(rows).mark(Job.objects.get(pk=pages[-2][-1])))
    back = [[row.pk for row in page.rows]]
    while page.before:
        page = Keyset(rows).page(size, before=page.before)
        back.append([row.pk for row in page.rows])
    assert back[-1] == everything[:size]
    assert back[: len(pages) - 1] == pages[::-1][: len(pages) - 1]


def test_rows_that_come_in_meanwhile_neither_repeat_nor_hide_one(jobs: list[Job]) -> None:
    rows = Job.objects.order_by("-id")
    first = Keyset(rows).page(4)
    new = make("new")
    second = Keyset(rows).page(4, after=first.after)
    assert [row.pk for row in second.rows] == [job.pk for job in jobs[6:2:-1]]
    assert [row.pk for row in Keyset(rows).page(4, before=second.before).rows] == [job.pk for job in jobs[:6:-1]]
    assert Keyset(rows).page(4).rows[0] == new


def test_a_mark_of_a_row_that_is_gone_still_says_where(jobs: list[Job]) -> None:
    rows = Job.objects.order_by("-id")
    after = Keyset(rows).page(3).after
    Job.objects.filter(pk=jobs[8].pk).delete()
    assert [row.pk for row in Keyset(rows).page(2, after=after).rows] == [jobs[7].pk, jobs[6].pk]


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "x",
        "²",
        "W10",
        "WyJ4IiwgMV0",
        "W251bGwsIDFlOTld",
        "W251bGwsIHRydWVd",
        "[" * 150,
        "A" * 5000,
        "WyJcdTAwMDAiLCAxXQ",
    ],
)
def test_what_was_never_a_mark_is_the_first_page(jobs: list[Job], mark: str) -> None:
    page = Keyset(Job.objects.order_by("due_at", "id")).page(3, after=mark)
    assert ([row.pk for row in page.rows], page.before) == ([job.pk for job in jobs[:3]], "")


def test_a_number_beyond_all_numbers_is_beyond_all_rows(jobs: list[Job]) -> None:
    """[null, 99999999999999999999]: nothing comes after it upwards, so the first page is shown."""
    page = Keyset(Job.objects.order_by("id")).page(3, after="W251bGwsIDk5OTk5OTk5OTk5OTk5OTk5OTk5XQ")
    assert [row.pk for row in page.rows] == [job.pk for job in jobs[:3]]


def test_an_order_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="no key"):
        Keyset(Job.objects.order_by("due_at"))
