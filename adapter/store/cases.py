"""The view of each case, derived from its events and resources; changed only by who has read the newest version."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapter.base.errors import DuplicateDiffers, StaleVersion
from adapter.domain.case import Case, Role, TaskStatus
from adapter.store.tables import case_view as table

_ORG = table.c.org == bindparam("org_")
_GET = select(table).where(_ORG, table.c.id == bindparam("id_"))
_INSERT = insert(table)
_NAMES = tuple(column.name for column in table.c)
_CHANGES = tuple(name for name in _NAMES if name not in {"org", "id", "opened_at"})
_SAVE = (
    update(table)
    .where(_ORG, table.c.id == bindparam("id_"), table.c.version == bindparam("expected"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGES})
)


class Cases:
    """The case views within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the transaction."""
        self._connection = connection

    def add(self, case: Case) -> int:
        """Store a new case and return its version, 1.

        Raises:
            DuplicateDiffers: the organisation has this case, number or request already.
        """
        try:
            self._connection.execute(_INSERT, {**_columns(case), "version": 1})
        except IntegrityError as error:
            raise DuplicateDiffers("there is a case with this number or request id already") from error
        return 1

    def save(self, case: Case, *, expected_version: int) -> int:
        """Write the case over `expected_version` and return the new version; it stays where and when it was opened.

        Raises:
            StaleVersion: the stored version is another one, or there is no such case.
            DuplicateDiffers: number or request id belong to another case of the organisation.
        """
        values = {**_columns(case), "version": expected_version + 1}
        key = {"org_": case.org, "id_": case.id, "expected": expected_version}
        try:
            done = self._connection.execute(_SAVE, {**key, **{f"new_{name}": values[name] for name in _CHANGES}})
        except IntegrityError as error:
            raise DuplicateDiffers("there is a case with this number or request id already") from error
        if done.rowcount != 1:
            raise StaleVersion("somebody else changed the case first; read it again and decide anew")
        return expected_version + 1

    def get(self, org: str, case_id: str) -> Case | None:
        """Return a case; None where the organisation has none with this id."""
        row = self._connection.execute(_GET, {"org_": org, "id_": case_id}).mappings().one_or_none()
        return None if row is None else _case(row)

    def by_number(self, org: str, number: str, *, role: Role | None = None, partner: str | None = None) -> Case | None:
        """Return the case with this number; the newest, where several partners use the same one."""
        return self._newest("number", number, org, role, partner)

    def by_request(self, org: str, role: Role, request_id: str, partner: str | None = None) -> Case | None:
        """Return the case of this request; `partner` None = of any partner, then the newest."""
        return self._newest("request_id", request_id, org, role, partner)

    def list(self, org: str, *, open_only: bool = False, limit: int = 100, offset: int = 0) -> list[Case]:
        """Return the organisation's cases, the newest first."""
        query = select(table).where(_ORG).order_by(table.c.opened_at.desc(), table.c.id).limit(limit).offset(offset)
        if open_only:
            query = query.where(table.c.closed_at.is_(None))
        return [_case(row) for row in self._connection.execute(query, {"org_": org}).mappings()]

    def _newest(self, column: str, value: str, org: str, role: Role | None, partner: str | None) -> Case | None:
        stated = {"role": role and role.value, "partner": partner}
        given = {name: one for name, one in stated.items() if one is not None}
        row = self._connection.execute(_by(column, *given), {"org_": org, column: value, **given}).mappings()
        found = row.one_or_none()
        return None if found is None else _case(found)


@cache
def _by(*columns: str) -> Select[Any]:
    """Return the query for the newest case with these columns, made once for each combination."""
    query = select(table).where(_ORG, *(table.c[name] == bindparam(name) for name in columns))
    return query.order_by(table.c.opened_at.desc(), table.c.id).limit(1)


def _columns(case: Case) -> dict[str, Any]:
    columns = {name: getattr(case, name) for name in _NAMES}
    columns["detail"] = dict(case.detail)
    columns["partner"] = case.partner or ""
    columns["role"] = case.role.value
    columns["status"] = case.status.value
    return columns


def _case(row: RowMapping) -> Case:
    known = dict(row)
    known["partner"] = known["partner"] or None
    known["role"] = Role(known["role"])
    known["status"] = TaskStatus(known["status"])
    return Case(**known)
