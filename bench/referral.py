"""From the bytes of a REF^I12 to a validated transaction Bundle, in process, and what reading alone costs others.

One call reads the message, maps it by the tables with an account of every field, checks the result, asks the consent
gate, expresses the request as FHIR and holds the transaction against R4 and its profiles. Short: nl-least.hl7, the
least that a referral says; long: de-knee.hl7, with insurance, diagnosis, operation, results, a PDF and consents.
The peers only take the same bytes apart: python-hl7 into lists (and decodes nothing), hl7apy into the message
structure of the standard.
"""

import logging
from functools import partial
from pathlib import Path
from typing import Any

import hl7
from hl7apy.parser import parse_message

from adapter.base.data import shipped
from adapter.intake.formats import load_formats
from adapter.intake.readers.er7 import read_message
from adapter.intake.taking import take
from adapter.workflow.offline import express_offline
from bench.figures import Findings, Target, ms, publish, words
from bench.measure import interleaved, summary

SECONDS = 6.0
SAMPLES = shipped("mappings") / "intake" / "hl7v2-ref" / "samples"
SIZES = {"short": "nl-least.hl7", "long": "de-knee.hl7"}


def main() -> None:
    logging.disable(logging.WARNING)  # hl7apy tells of every segment that it does not know
    formats = load_formats(shipped("mappings"))
    rows, raw, worst = [], {}, 0.0
    for size, name in SIZES.items():
        data = (SAMPLES / name).read_bytes()
        text = read_as_text(data)
        understand = partial(take, data, None, formats=lambda: formats)
        subjects: dict[str, Any] = {
            "bytes to validated transaction": lambda take=understand: express_offline(take(), Path()).transaction(),
            "of it: reading, tables, account, checks": understand,
            "of that: reading": partial(read_message, data),
            "python-hl7, reading": partial(hl7.parse, text),
            "hl7apy, reading": partial(parse_message, text, find_groups=False),
        }
        samples = interleaved(subjects, seconds=SECONDS)
        account = understand().account
        fields = len(account.rows) if account is not None else 0
        rows.append([size, f"{len(data):,} bytes, {fields} fields that say something", "", ""])
        for what, one in samples.items():
            found = summary(one)
            raw[f"{size}: {what}"] = found
            rows.append([size, what, ms(found["p50"]), ms(found["p99"])])
        worst = max(worst, raw[f"{size}: bytes to validated transaction"]["p50"])
    publish(
        Findings(
            key="referral",
            title="Referral in HL7 v2",
            how=[words(__doc__)],
            columns=["message", "what", "p50", "p99"],
            rows=rows,
            targets=[
                Target(
                    text="REF^I12 to validated Bundle, median at most 5 ms", measured=ms(worst), reached=worst <= 0.005
                )
            ],
            raw=raw,
        )
    )


def read_as_text(data: bytes) -> str:
    """Return the message as text with carriage returns, as the peers want it, without segments of the house."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("iso8859-1")
    segments = text.replace("\r\n", "\r").replace("\n", "\r").strip("\r").split("\r")
    return "\r".join(one for one in segments if not one.startswith("Z")) + "\r"


if __name__ == "__main__":
    main()
