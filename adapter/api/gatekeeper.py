"""Who is calling, by bearer token, before a byte of the body is looked at.

https://www.rfc-editor.org/rfc/rfc6750 and https://hl7.org/fhir/R4/security.html
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from adapter.base.errors import NotAuthenticated, NotFound
from adapter.workflow.caller import Caller, CallerKind

CLIENT_SCOPES = frozenset({"intake", "read", "cases"})
PARTNER_SCOPES = frozenset({"exchange"})


def fingerprint(token: str) -> str:
    """Return what is kept and compared instead of the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Gatekeeper:
    """Resolves callers.

    Attributes:
        callers: by fingerprint of the token, then by organisation (one partner may serve several of ours).
        open_scopes: what a caller without a token may do; empty unless the node listens on loopback only and has
            no tokens for that kind of caller.
    """

    callers: Mapping[str, Mapping[str, Caller]]
    open_scopes: frozenset[str] = frozenset()

    def caller(self, authorization: str | None, org: str) -> Caller:
        """Return who calls about `org`.

        Raises:
            NotAuthenticated: no token where one is needed, or an unknown one.
            NotFound: a known caller, but of another organisation.
        """
        if authorization is None:
            if not self.open_scopes:
                raise NotAuthenticated("this node needs a bearer token in the Authorization header")
            return Caller(kind=CallerKind.LOCAL, id="local", org=None, scopes=self.open_scopes)
        scheme, _, token = authorization.partition(" ")
        known = self.callers.get(fingerprint(token.strip())) if scheme.lower() == "bearer" else None
        if known is None:
            raise NotAuthenticated("nobody here knows this token")
        if org not in known:
            raise NotFound("there is nothing here under this address")
        return known[org]
