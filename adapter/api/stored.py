"""Resources of the store as the caller of one organisation may see them."""

from adapter.api.capability import READABLE
from adapter.api.scope import Scope
from adapter.base.errors import Gone, NotFound
from adapter.store.resources import StoredResource


def readable(scope: Scope, kind: str, id_: str, version: int | None = None) -> StoredResource:
    """Return a resource, in its newest version where `version` is None.

    Raises:
        NotPermitted: the caller may not read.
        NotFound: it is not here, not the organisation's, or of a type that is not shown.
        Gone: it was deleted.
    """
    found = known(scope, kind, id_, version)
    if found.deleted:
        raise Gone("this resource has been deleted; its earlier versions are in its history")
    return found


def known(scope: Scope, kind: str, id_: str, version: int | None = None) -> StoredResource:
    """Return the same, and a deletion too."""
    scope.caller.require("read")
    if kind in READABLE:
        with scope.node.store.read() as unit:
            stored = unit.resources.get(scope.org, kind, id_, version=version)
        if stored is not None:
            return stored
    raise NotFound("there is nothing here under this address")
