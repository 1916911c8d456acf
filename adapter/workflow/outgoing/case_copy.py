"""write-case: a copy of the case on the organisation's own plain FHIR server, one write at a time per server."""

from functools import partial

from adapter.fhir.own_output import ensure_valid
from adapter.intake.canonical import read_request
from adapter.mapping.to_fhir.bundles import transaction_bundle
from adapter.workflow.assessment import assess
from adapter.workflow.outgoing.errand import Errand
from adapter.workflow.requests import stored_contents


def write_case(errand: Errand) -> None:
    """Write the case as a transaction; doing it again adds nothing."""
    node, case, organisation = errand.node, errand.case, errand.organisation
    if organisation.fhir_server is not None:
        request = read_request(node.store.original(case.org, case.detail["request"]))
        assessment = assess(node, organisation, request, stored_contents(case), errand.at)

        bundle = transaction_bundle(assessment.expressed, read=partial(node.store.blobs.read, case.org))
        node.peers.write(ensure_valid(bundle), base_url=organisation.fhir_server, token=organisation.fhir_server_token)
    at = node.clock.now()
    with node.store.transaction() as unit:
        unit.events.append(case.org, case.id, "copied-to-server", "node", at, {})
        unit.work.finish(errand.item.id, at)
