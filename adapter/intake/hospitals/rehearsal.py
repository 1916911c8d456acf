"""Takes in the samples of a hospital's folder and says where they become something else than expected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from adapter.base.errors import InputError, Problem
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.intake.formats import Formats
from adapter.intake.hospitals.folder import Hospital
from adapter.intake.strict_json import read_json
from adapter.intake.taking import Taken, take
from adapter.mapping.tables.cells import known_as

_CANONICAL: Final = "json"


def samples_of(hospital: Hospital) -> list[Path]:
    """Return the messages in a hospital's folder, by their names."""
    return sorted((hospital.folder / "samples").glob("*.*"))


def expected_of(sample: Path) -> Path:
    """Return the file that says what a sample becomes."""
    return sample.parents[1] / "expected" / f"{sample.stem}.json"


def rehearse(hospital: Hospital, formats: Formats) -> Iterator[Problem]:
    """Yield what is wrong with the samples of a hospital, each with the file that it is about.

    Args:
        hospital: the hospital.
        formats: with the hospital in it.
    """
    tried: set[str] = set()
    for sample in samples_of(hospital):
        try:
            became = become(sample, formats)
        except InputError as refused:
            yield from (Problem(f"{one.where}: {one.text}", known_as(sample)) for one in refused.problems)
            continue
        tried.add(became["format"])
        if hospital.name not in became["hospitals"]:
            yield Problem("the message is not recognised as this hospital's: see [recognise]", known_as(sample))
        if written(became) != expected_of(sample).read_bytes():
            text = "the sample becomes something else: compare it with `hospitals check --write`"
            yield Problem(text, known_as(expected_of(sample)))
    for name in sorted(set(hospital.profile.formats) - tried):
        yield Problem(f"no sample is a message of {name}, which it sends", f"hospitals/{hospital.name}/samples")


def become(sample: Path, formats: Formats) -> dict[str, Any]:
    """Return what a sample becomes, as the files in `expected/` say it.

    Raises:
        InputError: it is refused; every problem in the sender's own terms.
    """
    body = sample.read_bytes()
    taken = take(body, None, formats=lambda: formats)
    return {
        "format": taken.account.format if taken.account is not None else _CANONICAL,
        "hospitals": _hospitals(taken, formats),
        "document": taken.mapped.document if taken.mapped is not None else read_json(body),
        "remarks": [
            [one.kind.value, one.source, one.target, one.text]
            for one in (taken.account.remarks if taken.account is not None else ())
        ],
    }


def written(became: dict[str, Any]) -> bytes:
    """Return what a sample becomes as the bytes of its file; in it the order of members says nothing."""
    return orjson.dumps(became, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS, default=str) + b"\n"


def _hospitals(taken: Taken, formats: Formats) -> list[str]:
    """Return the hospitals that take part: whose way was heard, then the treating and the consulting one."""
    found = [taken.hospital]
    if isinstance(taken.stated, SecondOpinionRequest | SecondOpinionReport):
        sides = (getattr(taken.stated, side, None) for side in ("treating", "consulting"))
        organizations = (side.organization for side in sides if side is not None)
        found += [formats.hospitals.token(one) for one in organizations if one is not None]
    return list(dict.fromkeys(one for one in found if one is not None))
