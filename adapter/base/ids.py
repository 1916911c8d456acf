"""Opaque ids that are the same for the same input and tell nothing about it.

An id is a keyed hash of the sender, the request's own id and what the resource is in it, written as a UUID
(version 8, free form). National identifiers are never an ingredient.

RFC 9562 section 5.8: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
"""

import hmac

DEFAULT_KEY = b"second-opinion-adapter/ids/1"
"""Used where no key of the organisation's own is set: ids are then stable, but guessable by who knows the inputs."""


def opaque_id(*parts: str, key: bytes = DEFAULT_KEY) -> str:
    """Return the UUID of these parts, as 36 lower-case characters.

    The parts are length-prefixed before hashing, so ("ab", "c") and ("a", "bc") differ.
    """
    told = [part.encode() for part in parts]
    told = [len(raw).to_bytes(4, "big") + raw for raw in told]
    octets = bytearray(hmac.digest(key, b"".join(told), "sha256")[:16])
    octets[6] = (octets[6] & 0x0F) | 0x80
    octets[8] = (octets[8] & 0x3F) | 0x80
    digits = octets.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
