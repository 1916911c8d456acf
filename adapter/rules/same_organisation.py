"""Whether two organisations are one: known only where both have an identifier in a common naming system."""

from collections.abc import Callable

from adapter.domain.parties import Organization
from adapter.fhir import systems

_SYNONYMS = {
    systems.IK_OID: systems.IK,
    systems.AGB_OID: systems.AGB,
    systems.URA_OID: systems.URA,
}
"""The same naming system under its OID, https://hl7.org/fhir/R4/datatypes.html#oid."""


def organisation_tokens(
    first: Organization | None,
    second: Organization | None,
    known: Callable[[Organization], str | None],
) -> tuple[str | None, str | None]:
    """Return a token for each; they are equal exactly where the organisations are known to be one.

    Where it cannot be known, at most one of the two has a token, so that nobody compares them: a hospital's own token
    stays then, otherwise the first one's identifier.

    Args:
        first: the treating organisation, None where none is stated.
        second: the consulting organisation, None where none is stated.
        known: gives an organisation's own token where a hospital's folder knows it.
    """
    own = (known(first) if first else None, known(second) if second else None)
    if all(own):
        return own
    ids = (_by_system(first), _by_system(second))
    common = ids[0].keys() & ids[1].keys()
    if not common:
        return own if any(own) else (_any_token(ids[0]), None if ids[0] else _any_token(ids[1]))
    shared = sorted(f"{system}|{value}" for system in common for value in ids[0][system] & ids[1][system])
    if shared:
        token = own[0] or own[1] or shared[0]
        return token, token
    system = min(common)
    return own[0] or f"{system}|{min(ids[0][system])}", own[1] or f"{system}|{min(ids[1][system])}"


def _by_system(organisation: Organization | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for identifier in organisation.identifiers if organisation else ():
        found.setdefault(_SYNONYMS.get(identifier.system, identifier.system), set()).add(identifier.value)
    return found


def _any_token(ids: dict[str, set[str]]) -> str | None:
    return min((f"{system}|{value}" for system, values in ids.items() for value in values), default=None)
