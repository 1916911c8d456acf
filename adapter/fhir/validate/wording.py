"""What to say to a sender whose resource breaks an invariant: in our words where we have some, else in HL7's.

The key stands behind, so that the rule can be looked up: https://hl7.org/fhir/R4/resourcelist.html
"""

from adapter.fhir.definitions.model import Constraint

_IN_OUR_WORDS = {
    "att-1": "give the contentType when there is data",
    "ait-1": "give a clinicalStatus, unless the entry was made in error",
    "ait-2": "leave out the clinicalStatus of an entry that was made in error",
    "app-2": "give both start and end, or neither",
    "app-3": "give start and end, unless the appointment is proposed, cancelled or on the waiting list",
    "app-4": "a reason for cancelling is for cancelled appointments and no-shows only",
    "cmp-1": "a section needs text, entries or sections of its own",
    "cmp-2": "a section with entries has no reason for being empty",
    "con-3": "give the clinicalStatus of a problem on the problem list, unless it was entered in error",
    "con-4": "a condition that has ended needs the clinicalStatus inactive, resolved or remission",
    "con-5": "leave out the clinicalStatus of a condition that was entered in error",
    "cpt-2": "say with `system` what kind of contact the value is (phone, email, ...)",
    "drt-1": "a duration needs a value and a UCUM unit (system http://unitsofmeasure.org and code)",
    "obs-3": "a reference range needs low, high or text",
    "obs-6": "give a value or the reason why it is absent, not both",
    "obs-7": "a component must not repeat the code of the observation when the observation has a value",
    "org-1": "give a name or an identifier",
    "org-2": "an organisation has no address for home use",
    "org-3": "an organisation has no contact for home use",
    "pat-1": "a contact needs a name, a way to reach them, an address or an organisation",
    "per-1": "the end must not be before the start",
    "ppc-1": "give the policy or the policyRule that the consent is based on",
    "prr-1": "orderDetail needs a code that it details",
    "qty-3": "a unit code needs the system that it is from",
    "que-12": "more than one enableWhen needs enableBehavior: all or any",
    "rat-1": "give both numerator and denominator, or neither and an extension",
    "rng-2": "low must not be above high",
    "sqty-1": "a comparator (<, >, ...) has no place here",
    "tim-2": "a period needs its unit",
    "tim-1": "a duration needs its unit",
}


def said_of(constraint: Constraint) -> str:
    """Return the text of an issue."""
    return f"{_IN_OUR_WORDS.get(constraint.key, constraint.human)} ({constraint.key})"
