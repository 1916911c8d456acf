"""Writes a case as one transaction to a plain FHIR server, and makes sure that all of it arrived.

Our resources go by PUT with ids of ours and shared directory entries by conditional create, so a second write adds
nothing. https://hl7.org/fhir/R4/http.html#transaction
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from adapter.base.errors import PeerRejected
from adapter.exchange.http import exchange, resource_in
from adapter.fhir.codec import to_json
from adapter.fhir.resource import Resource

_PLACE: Final = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?$")


def write_case(
    client: httpx.Client, transaction: Resource, *, base_url: str, token: str | None, timeout_seconds: float = 60.0
) -> list[str]:
    """Post the transaction to the server's base and return the locations that it reports, in entry order.

    Where the server does not take it in one piece (Medplum allows eight entries where one is conditional), the shared
    entries are written first, one at a time, and then all the others as one transaction that refers to them.

    Args:
        client: makes the calls.
        transaction: conditions may be written with their type (`Organization?identifier=...`) or without.
        base_url: of the server.
        token: sent as bearer token; None = none.
        timeout_seconds: for one exchange.

    Raises:
        PeerError: as `http.exchange`; PeerRejected also when an answer does not account for every entry, or the
            server has put one of ours under another id.
    """
    server = _Server(client, base_url.rstrip("/"), token, timeout_seconds)
    try:
        return server.post(transaction)
    except PeerRejected as whole:
        if not any(_is_shared(entry) for entry in transaction["entry"]):
            raise
        try:
            return _write_shared_first(server, transaction)
        except PeerRejected as parts:
            raise PeerRejected(whole.text, problems=[*dict.fromkeys([*whole.problems, *parts.problems])]) from parts


@dataclass(frozen=True, slots=True)
class _Server:
    client: httpx.Client
    base_url: str
    token: str | None
    timeout_seconds: float

    def post(self, transaction: Resource) -> list[str]:
        """Post one transaction; a condition is the query alone, as R4 has it, unless the server asks for its type.

        Some HAPI versions do (hapifhir/hapi-fhir#2842). Others take the type for a part of the parameter's name, and
        may ignore a parameter that they do not know: then the condition would match anything.
        https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.request.ifNoneExist
        """
        try:
            return self._post(_with_conditions(transaction, typed=False))
        except PeerRejected as refused:
            if not any("match url" in problem.text.casefold() for problem in refused.problems):
                raise
        return self._post(_with_conditions(transaction, typed=True))

    def _post(self, transaction: Resource) -> list[str]:
        response = exchange(
            self.client,
            "POST",
            self.base_url,
            token=self.token,
            body=to_json(transaction),
            timeout_seconds=self.timeout_seconds,
        )
        return _locations(resource_in(response), transaction)


def _write_shared_first(server: _Server, transaction: Resource) -> list[str]:
    entries = transaction["entry"]
    found = {}
    for entry in filter(_is_shared, entries):
        (location,) = server.post({**transaction, "entry": [entry]})
        found[entry["fullUrl"]] = location
    places = {url: _place(location) for url, location in found.items()}
    own = [_referring(entry, places) for entry in entries if not _is_shared(entry)]
    others = iter(server.post({**transaction, "entry": own}) if own else [])
    return [found[entry["fullUrl"]] if _is_shared(entry) else next(others) for entry in entries]


def _is_shared(entry: Resource) -> bool:
    return "ifNoneExist" in entry["request"]


def _with_conditions(transaction: Resource, *, typed: bool) -> Resource:
    def request(entry: Resource) -> Resource:
        stated: Resource = entry["request"]
        if (condition := stated.get("ifNoneExist")) is None:
            return stated
        query = condition.rpartition("?")[2]
        return {**stated, "ifNoneExist": f"{stated['url']}?{query}" if typed else query}

    return {**transaction, "entry": [{**entry, "request": request(entry)} for entry in transaction["entry"]]}


def _referring(value: Any, places: Mapping[str, str]) -> Any:
    """Return a copy whose references lead to the places where the server has what they meant."""
    if isinstance(value, dict):
        return {
            name: places.get(item, item) if name == "reference" and isinstance(item, str) else _referring(item, places)
            for name, item in value.items()
        }
    return [_referring(item, places) for item in value] if isinstance(value, list) else value


def _place(location: str) -> str:
    place = _PLACE.search(location)
    if place is None:
        raise PeerRejected("the FHIR server does not say where it has put a shared resource")
    return place[1]


def _locations(answer: Resource, transaction: Resource) -> list[str]:
    """Return where the server says that each entry is.

    Raises:
        PeerRejected: not every entry was taken as it was sent.
    """
    entries = answer.get("entry", [])
    if answer.get("type") != "transaction-response" or len(entries) != len(transaction["entry"]):
        raise PeerRejected("the FHIR server's answer does not account for every entry of the transaction")
    responses = [entry.get("response", {}) for entry in entries]
    failed = [
        f"entry {index}: {response.get('status', 'no status')}"
        for index, response in enumerate(responses)
        if not str(response.get("status", "")).startswith("2")
    ]
    if failed:
        raise PeerRejected(f"the FHIR server did not take the whole transaction ({'; '.join(failed[:5])})")
    locations = [str(response.get("location") or "") for response in responses]
    for sent, location in zip(transaction["entry"], locations, strict=True):
        # attachments are addressed by ids of ours, which servers do not rewrite
        request = sent["request"]
        if request["method"] == "PUT" and location and f"/{request['url']}/" not in f"/{location}/":
            raise PeerRejected("the FHIR server gives resources ids of its own; allow client-assigned ids there")
    return locations
