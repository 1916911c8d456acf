"""Resource versions: every state that a FHIR resource ever had here, as bytes, append-only.

The body is stored as given. `meta.versionId` and `meta.lastUpdated` are not written into it: they are columns here,
and the API adds them when it answers, so that the original bytes stay what they were.
https://hl7.org/fhir/R4/http.html#versions
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from adapter.base.errors import StaleVersion
from adapter.fhir.codec import parse_json, to_json
from adapter.fhir.resource import Resource
from adapter.store.tables import resource_version as table

_COLUMNS = (table.c.org, table.c.type, table.c.id, table.c.version, table.c.case_id, table.c.at, table.c.deleted)
_ONE = (table.c.org == bindparam("org")) & (table.c.type == bindparam("type")) & (table.c.id == bindparam("id"))
_HISTORY = select(*_COLUMNS, table.c.body).where(_ONE).order_by(table.c.version.desc())
_NEWEST = _HISTORY.limit(1)
_VERSION = _HISTORY.where(table.c.version == bindparam("version"))
_EXISTS = select(table.c.deleted).where(_ONE).order_by(table.c.version.desc()).limit(1)
_later = table.alias()
_OF_CASE = (
    select(*_COLUMNS, table.c.body)
    .where(
        table.c.org == bindparam("org"),
        table.c.case_id == bindparam("case_id"),
        table.c.deleted.is_(False),
        ~select(_later.c.version)
        .where(
            _later.c.org == table.c.org,
            _later.c.type == table.c.type,
            _later.c.id == table.c.id,
            _later.c.version > table.c.version,
        )
        .exists(),
    )
    .order_by(table.c.at, table.c.type, table.c.id)
)
_OF_CASE_BY_TYPE = _OF_CASE.where(table.c.type.in_(bindparam("types", expanding=True)))
# Types times ids, so that both databases walk the primary key; a row-value IN makes SQLite read the whole organisation.
_NUMBERS = (
    select(table.c.type, table.c.id, func.max(table.c.version))
    .where(
        table.c.org == bindparam("org"),
        table.c.type.in_(bindparam("types", expanding=True)),
        table.c.id.in_(bindparam("ids", expanding=True)),
    )
    .group_by(table.c.type, table.c.id)
)
_INSERT = insert(table)


@dataclass(frozen=True, kw_only=True)
class StoredResource:
    """One version of a resource.

    Attributes:
        version: 1 is the first.
        at: when it was stored, aware, UTC.
        deleted: True = this version says that the resource is gone; the body is empty then.
        body: the JSON as stored.
    """

    org: str
    type: str
    id: str
    version: int
    case_id: str
    at: datetime
    deleted: bool
    body: bytes

    @cached_property
    def resource(self) -> Resource:
        """The body, parsed once."""
        return parse_json(self.body)


class Resources:
    """The resource versions within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the transaction."""
        self._connection = connection

    def put(self, org: str, case_id: str, resource: Resource | bytes, at: datetime) -> int:
        """Store the next version of a resource (JSON bytes are kept exactly) and return its number."""
        return self.put_all(org, case_id, [resource], at)[0]

    def put_all(self, org: str, case_id: str, resources: Iterable[Resource | bytes], at: datetime) -> list[int]:
        """Store the next version of each resource in two round trips; return the numbers in the same order.

        Raises:
            StaleVersion: somebody else stored a version of one of them at the same moment.
        """
        rows = [_row(org, case_id, resource, at) for resource in resources]
        if not rows:
            return []
        newest = self._numbers(org, [(row["type"], row["id"]) for row in rows])
        for row in rows:
            key = row["type"], row["id"]
            row["version"] = newest[key] = newest.get(key, 0) + 1
        self._insert(rows)
        return [row["version"] for row in rows]

    def delete(self, org: str, type_: str, id_: str, at: datetime) -> int | None:
        """Add a version that says the resource is gone; None where there is nothing to delete."""
        newest = self.get(org, type_, id_)
        if newest is None or newest.deleted:
            return None
        row = {"org": org, "type": type_, "id": id_, "version": newest.version + 1, "case_id": newest.case_id}
        self._insert([{**row, "at": at, "deleted": True, "body": b""}])
        return newest.version + 1

    def get(self, org: str, type_: str, id_: str, version: int | None = None) -> StoredResource | None:
        """Return a version, the newest by default (look at `deleted`); None where there is none."""
        key = {"org": org, "type": type_, "id": id_}
        if version is None:
            row = self._connection.execute(_NEWEST, key).mappings().one_or_none()
        else:
            row = self._connection.execute(_VERSION, {**key, "version": version}).mappings().one_or_none()
        return None if row is None else StoredResource(**row)

    def history(self, org: str, type_: str, id_: str) -> list[StoredResource]:
        """Return all versions, the newest first."""
        rows = self._connection.execute(_HISTORY, {"org": org, "type": type_, "id": id_}).mappings()
        return [StoredResource(**row) for row in rows]

    def of_case(self, org: str, case_id: str, types: Collection[str] | None = None) -> list[StoredResource]:
        """Return the newest version of everything in the case that is not deleted, oldest first; `types` None = all."""
        key: dict[str, Any] = {"org": org, "case_id": case_id}
        if types is None:
            found = self._connection.execute(_OF_CASE, key)
        else:
            found = self._connection.execute(_OF_CASE_BY_TYPE, {**key, "types": sorted(types)})
        return [StoredResource(**row) for row in found.mappings()]

    def known(self, org: str, resources: Iterable[Resource]) -> set[tuple[str, str]]:
        """Return type and id of those resources of which some version is here, deleted ones too."""
        return set(self._numbers(org, [(one["resourceType"], one["id"]) for one in resources]))

    def exists(self, org: str, type_: str, id_: str) -> bool:
        """Say whether the resource is here and not deleted."""
        return self._connection.execute(_EXISTS, {"org": org, "type": type_, "id": id_}).scalar() is False

    def _numbers(self, org: str, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Return the newest version number of each of these that is here."""
        wanted = {"types": sorted({type_ for type_, _ in keys}), "ids": sorted({id_ for _, id_ in keys})}
        rows = self._connection.execute(_NUMBERS, {"org": org, **wanted})
        asked = set(keys)
        return {(type_, id_): number for type_, id_, number in rows if (type_, id_) in asked}

    def _insert(self, rows: Sequence[dict[str, Any]]) -> None:
        try:
            self._connection.execute(_INSERT, rows)
        except IntegrityError as error:
            raise StaleVersion("somebody else changed this resource first; read it again and decide anew") from error


def _row(org: str, case_id: str, resource: Resource | bytes, at: datetime) -> dict[str, Any]:
    body = resource if isinstance(resource, bytes) else to_json(resource)
    tree = parse_json(resource) if isinstance(resource, bytes) else resource
    return {
        "org": org,
        "type": tree["resourceType"],
        "id": tree["id"],
        "case_id": case_id,
        "at": at,
        "deleted": False,
        "body": body,
    }
