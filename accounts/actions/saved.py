"""Lists as a person wants them: kept under a name, shared with a street, one the first to be seen; and their columns."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.models import ListColumns, SavedList, User
from gridgov.core.errors import Invalid
from gridgov.core.records import record


@transaction.atomic
def save_list(
    *, page: str, name: str, query: str, scope: str = "", is_default: bool = False, by: User, at: dt.datetime
) -> SavedList:
    """Keep the address QUERY of the list PAGE under a NAME of BY's own, in place of an older one of that name. SCOPE is the
    code of the street it is shared with. Raises Invalid, Forbidden."""
    name = name.strip()
    rules.can_save_list(name, query).insist()
    if scope:
        rules.can_share_list(by, scope).insist()
    if is_default:
        _no_default(page, by)
    values = {"query": query, "scope": scope, "is_default": is_default, "at": at}
    row, _made = SavedList.objects.update_or_create(user=by, page=page, name=name, defaults=values)
    record("accounts.list_saved", row, by=by, at=at, data={"page": page, "name": name, **values, "at": at.isoformat()})
    return row


@transaction.atomic
def change_list(
    *, saved: int, name: str | None = None, is_default: bool | None = None, by: User, at: dt.datetime
) -> SavedList:
    """Give one's own list another name, or make it the first to be seen (or no more). Raises SavedList.DoesNotExist."""
    row: SavedList = SavedList.objects.filter(user=by).locked(saved)
    name = row.name if name is None else name.strip()
    rules.can_save_list(name, row.query).insist()
    if SavedList.objects.filter(user=by, page=row.page, name=name).exclude(pk=row.pk).exists():
        raise Invalid(_("You have a list of this name."), field="name")
    if is_default:
        _no_default(row.page, by)
    changes = row.change(name=name, is_default=row.is_default if is_default is None else is_default)
    record("accounts.list_changed", row, by=by, at=at, data={"changes": changes})
    return row


@transaction.atomic
def drop_list(*, saved: int, by: User, at: dt.datetime) -> None:
    """Forget one's own list. Raises SavedList.DoesNotExist."""
    row: SavedList = SavedList.objects.filter(user=by).locked(saved)
    record("accounts.list_dropped", row, by=by, at=at, data={"page": row.page, "name": row.name})
    row.delete()


@transaction.atomic
def choose_columns(
    *, page: str, shown: Iterable[str], columns: Sequence[str], by: User, at: dt.datetime
) -> ListColumns | None:
    """Let BY see SHOWN of the list PAGE, of all its COLUMNS and in their order; all of them: nothing needs to be remembered.
    Raises Invalid for a column that the list hasn't."""
    wanted = set(shown)
    if not wanted <= set(columns):
        raise Invalid(_("The list has no such column."), field="column")
    kept = [name for name in columns if name in wanted]
    record("accounts.columns_chosen", by, by=by, at=at, data={"page": page, "shown": kept})
    if len(kept) == len(columns):
        ListColumns.objects.filter(user=by, page=page).delete()
        return None
    row, _made = ListColumns.objects.update_or_create(user=by, page=page, defaults={"shown": kept, "at": at})
    return row


def _no_default(page: str, by: User) -> None:
    SavedList.objects.filter(user=by, page=page, is_default=True).update(is_default=False)
