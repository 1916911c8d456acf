"""Several messages in one frame: each is taken for itself, and their acknowledgements go back as one batch.

HL7 v2.8 chapter 2, section 2.10.3 "HL7 batch protocol", with 2.14.1 "BHS" and 2.14.2 "BTS".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapter.base.errors import InputError
from adapter.exchange.mllp.framing import Frame
from adapter.intake.readers.er7_batch import split_batch
from adapter.mapping.to_v2.er7 import Writing
from adapter.mapping.to_v2.header import Header, read_header

_ENVELOPE: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*(?:FHS|BHS)", re.IGNORECASE)
_ANOTHER: Final = (b"\rMSH", b"\nMSH", b"\rBHS", b"\nBHS")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What a frame holds.

    Attributes:
        frames: one for each message.
        enveloped: whether they came as a batch, or are several.
    """

    frames: tuple[Frame, ...]
    enveloped: bool = False


def unwrap(frame: Frame) -> Unwrapped:
    """Return the messages of a frame; the frame itself where it is one message, or none that can be found."""
    body = frame.body
    perhaps = _ENVELOPE.match(body) is not None or any(body.find(one) >= 0 for one in _ANOTHER)
    if frame.fault is not None or not perhaps:
        return Unwrapped((frame,))
    try:
        batch = split_batch(body)
    except InputError:
        return Unwrapped((frame,))  # let its reader say what is wrong with it
    if len(batch.spans) == 1 and not batch.enveloped:
        return Unwrapped((frame,))
    bodies = [batch.data[one.start : one.end] for one in batch.spans]
    return Unwrapped(tuple(Frame(body, len(body)) for body in bodies), enveloped=True)


def batch_of(body: bytes, answers: Sequence[bytes], *, id: str, at: datetime) -> bytes:  # noqa: A002 - BHS-11 is an id
    """Return the acknowledgements of a batch as a batch.

    Args:
        body: the batch that is answered.
        answers: an acknowledgement for each message that gets one.
        id: BHS-11.
        at: when, in the time zone of whoever answers.
    """
    header = read_header(body, "BHS")
    reference = header.first(11) if header is not None else ""
    header = header or read_header(body) or Header(Writing(), ())
    writing = header.writing
    parties = (header.first(number) for number in (5, 6, 3, 4))
    moment = at.strftime("%Y%m%d%H%M%S%z")
    bhs = writing.segment("BHS", writing.encoding, *parties, moment, "", "", "", id, reference)
    bts = writing.segment("BTS", str(len(answers)))
    return b"".join((f"{bhs}\r".encode("latin-1"), *answers, f"{bts}\r".encode("latin-1")))
