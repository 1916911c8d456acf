"""Who calls: resolved from the token before anything is parsed, never from what the body claims."""

from dataclasses import dataclass
from enum import StrEnum

from adapter.base.errors import NotPermitted


class CallerKind(StrEnum):
    """What kind of caller it is."""

    CLIENT = "client"  # a system of our own organisation
    PARTNER = "partner"  # a node on the other side
    LOCAL = "local"  # somebody on this machine, on a development node without tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """A caller with what it may do at one organisation.

    Attributes:
        id: the configured id; "local" for a local caller.
        org: the organisation whose data it may touch; None = any (local callers only).
        scopes: of "intake", "read", "cases", "exchange".
    """

    kind: CallerKind
    id: str
    org: str | None
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """The caller as events name it, such as "client:ehr"."""
        return f"{self.kind.value}:{self.id}"

    def require(self, scope: str) -> None:
        """Raise NotPermitted unless the caller has `scope`."""
        if scope not in self.scopes:
            raise NotPermitted(f"this token is not for {scope}; ask for the scope in the node's settings")
