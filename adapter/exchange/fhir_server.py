"""Writes a case as one transaction to a plain FHIR server, and makes sure that all of it arrived.

Our resources go by PUT with ids of ours and shared directory entries by conditional create, so a second write adds
nothing. https://hl7.org/fhir/R4/http.html#transaction
"""

import httpx

from adapter.base.errors import PeerRejected
from adapter.exchange.http import exchange, resource_in
from adapter.fhir.codec import to_json
from adapter.fhir.resource import Resource


def write_case(
    client: httpx.Client, transaction: Resource, *, base_url: str, token: str | None, timeout_seconds: float = 60.0
) -> list[str]:
    """Post the transaction to the server's base and return the locations that it reports, in entry order.

    Raises:
        PeerError: as `http.exchange`; PeerRejected also when the answer does not account for every entry.
    """
    response = exchange(
        client, "POST", base_url.rstrip("/"), token=token, body=to_json(transaction), timeout_seconds=timeout_seconds
    )
    answer = resource_in(response)
    entries = answer.get("entry", [])
    if answer.get("type") != "transaction-response" or len(entries) != len(transaction["entry"]):
        raise PeerRejected("the FHIR server's answer does not account for every entry of the transaction")
    failed = [
        f"entry {index}: {entry.get('response', {}).get('status', 'no status')}"
        for index, entry in enumerate(entries)
        if not str(entry.get("response", {}).get("status", "")).startswith("2")
    ]
    if failed:
        raise PeerRejected(f"the FHIR server did not take the whole transaction ({'; '.join(failed[:5])})")
    return [str(entry["response"].get("location", "")) for entry in entries]
