"""The primitive types: which values each accepts, and what to say to a sender of another.

https://hl7.org/fhir/R4/datatypes.html#primitive
"""

import binascii
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from adapter.fhir.codec.numbers import WrittenDecimal
from adapter.fhir.definitions.registry import definitions

LONGEST_TEXT = 1024 * 1024
"""Characters in a string, https://hl7.org/fhir/R4/datatypes.html#string."""

_YEAR = r"(?!0000)[0-9]{4}"
_DAY_OF_MONTH = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_DAY = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_DAY = rf"(?:{_YEAR}-{_DAY_OF_MONTH}|(?!0000){_LEAP_DAY})"
_MONTH = rf"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_OFFSET = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"


class Primitive(NamedTuple):
    """A value of one of the classes `kinds` that `accepts` takes is good; `said` completes "must be ..."."""

    kinds: tuple[type, ...]
    accepts: Callable[[Any], object]
    said: str

    def takes(self, value: Any) -> bool:
        """Tell whether the value is good."""
        return value.__class__ in self.kinds and bool(self.accepts(value))


def _matches(pattern: str) -> Callable[[Any], object]:
    return re.compile(pattern).fullmatch


def _base64(value: str) -> bool:
    if _decodes(value):
        return value != "" and len(value) % 4 == 0
    packed = "".join(value.split())
    return packed not in ("", value) and _decodes(packed) and len(packed) % 4 == 0


def _decodes(packed: str) -> bool:
    try:
        binascii.a2b_base64(packed, strict_mode=True)
    except ValueError:
        return False
    return True


def _finite(value: Any) -> bool:
    return value.__class__ is int or math.isfinite(value)


_INTEGER_LIMIT = 2**31
_UUID = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # R4: all in lower case
_OID = r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*+))++"
_URI = _matches(rf"(?!urn:(?:uuid|oid):)\S+|{_UUID}|{_OID}")
_TEXT = _matches(rf"[^\x00-\x08\x0b\x0c\x0e-\x1f]{{1,{LONGEST_TEXT}}}")

_ABSOLUTE = r"[A-Za-z][A-Za-z0-9+.-]*:\S+"

PRIMITIVE: dict[str, Primitive] = {
    "base64Binary": Primitive((str,), _base64, "base64 (RFC 4648, with padding)"),
    "boolean": Primitive((bool,), frozenset({True, False}).__contains__, "true or false, without quotes"),
    "canonical": Primitive(
        (str,),
        _matches(rf"(?![|]|urn:(?:uuid|oid):)\S+|(?:{_UUID}|{_OID})(?:[|]\S*)?"),
        "a canonical URL without spaces (urn:uuid: in lower case)",
    ),
    "code": Primitive((str,), _matches(r"\S++(?: \S++)*+"), "a code: no spaces at its ends, no two in a row"),
    "date": Primitive((str,), _matches(rf"{_DAY}|{_MONTH}"), "YYYY, YYYY-MM or YYYY-MM-DD, a day of the calendar"),
    "dateTime": Primitive(
        (str,),
        _matches(rf"{_DAY}(?:T{_TIME}{_OFFSET})?|{_MONTH}"),
        "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with an offset (Z or +01:00), a day of the calendar",
    ),
    "decimal": Primitive((int, WrittenDecimal, Decimal, float), _finite, "a number, without quotes"),
    "id": Primitive((str,), _matches(r"[A-Za-z0-9.-]{1,64}"), "1 to 64 letters, digits, hyphens and dots"),
    "instant": Primitive(
        (str,),
        _matches(rf"{_DAY}T{_TIME}{_OFFSET}"),
        "YYYY-MM-DDThh:mm:ss with an offset (Z or +01:00), a day of the calendar",
    ),
    "integer": Primitive(
        (int,), range(-_INTEGER_LIMIT, _INTEGER_LIMIT).__contains__, "a whole number of 32 bits, without quotes"
    ),
    "markdown": Primitive((str,), _TEXT, "text: not empty, no control characters, at most 1 MB"),
    "oid": Primitive((str,), _matches(_OID), "an OID as urn:oid:1.2.3"),
    "positiveInt": Primitive((int,), range(1, _INTEGER_LIMIT).__contains__, "a whole number from 1 on, without quotes"),
    "string": Primitive((str,), _TEXT, "text: not empty, no control characters, at most 1 MB"),
    "time": Primitive((str,), _matches(_TIME), "hh:mm:ss"),
    "unsignedInt": Primitive((int,), range(_INTEGER_LIMIT).__contains__, "a whole number from 0 on, without quotes"),
    "uri": Primitive((str,), _URI, "a URI without spaces (urn:uuid: in lower case, urn:oid: as 1.2.3)"),
    "url": Primitive((str,), _URI, "a URL without spaces"),
    "uuid": Primitive((str,), _matches(_UUID), "a UUID as urn:uuid:..., in lower case"),
    "xhtml": Primitive((str,), _matches(r"(?s)\s*<(?:[A-Za-z]\w*:)?div[\s/>].*"), "an XHTML div"),
}
"""By the name of the type."""

ABSOLUTE = Primitive(
    (str,),
    _matches(rf"(?!urn:(?:uuid|oid):){_ABSOLUTE}|{_UUID}|{_OID}"),
    "an absolute URI (http://..., urn:oid:..., urn:uuid:... in lower case)",
)
is_uri = _matches(_ABSOLUTE)
"""Match what starts with a scheme, as a full URI does."""
is_canonical = _matches(rf"#\S*|(?!urn:(?:uuid|oid):){_ABSOLUTE}|(?:{_UUID}|{_OID})(?:[|]\S*)?")
"""Match an absolute URL, or the #id of a contained resource."""

_NAMES_SOMETHING = frozenset({("Coding", "system"), ("Identifier", "system"), ("ValueSet.compose.include", "system")})


def is_absolute(owner: str, name: str) -> bool:
    """Tell whether a uri element must be absolute: systems, and the URL by which a resource of conformance is known.

    https://hl7.org/fhir/R4/references.html#canonical
    """
    if (owner, name) in _NAMES_SOMETHING:
        return True
    if name != "url" or owner not in definitions().resource_types:
        return False
    status = next((one for one in definitions().type(owner).elements if one.name == "status"), None)
    return status is not None and status.binding is not None and status.binding.value_set.endswith("publication-status")
