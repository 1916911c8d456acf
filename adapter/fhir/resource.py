"""What a FHIR resource is in this program: its JSON object as plain Python data.

Numbers with a fraction are `decimal.Decimal`, so that digits survive; nothing else is special.
https://hl7.org/fhir/R4/json.html
"""

from typing import Any, TypeAlias

Resource: TypeAlias = dict[str, Any]
"""A resource, or any complex element of one."""
