"""The procedures of a statutory list, told apart by their codes.

The directive (Zm-RL) describes procedures in words; the patterns for OPS and ICD-10-GM codes are this project's own
reading of it. A code that fits none is never a reason for refusal by itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from adapter.domain.coverage import Texts

NONE = "none"
"""The value of the derived fact `procedure` where no entry fits."""

_ICD = "icd:"
_OPS = "ops:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Procedure:
    """One entry of the list; patterns are searched in the code without its prefix.

    Attributes:
        in_force_from: the first day on which it is on the list.
        ops: what a code of the operation looks like.
        ops_not: codes that look like it and are not meant, None = no such codes.
        icd_required: what one of the diagnoses must look like, None = any.
        icd_excluded: a diagnosis that takes the procedure off the list, None = none.
        trauma: a diagnosis that is an injury, None = it makes no difference.
        urgent_excluded: urgent operations of this kind are not on the list.
        specialties: those who may give the opinion.
    """

    id: str
    name: Texts
    in_force_from: date
    ops: re.Pattern[str]
    ops_not: re.Pattern[str] | None
    icd_required: re.Pattern[str] | None
    icd_excluded: re.Pattern[str] | None
    trauma: re.Pattern[str] | None
    urgent_excluded: bool
    specialties: frozenset[str]


def first_listed(procedures: Mapping[str, Procedure], codes: Iterable[str]) -> str:
    """Return the id of the first procedure that one of the OPS codes fits, NONE where there is none."""
    operations = [code.removeprefix(_OPS).lower() for code in codes if code.startswith(_OPS)]
    for procedure in procedures.values() if operations else ():
        search, refuse = procedure.ops.search, procedure.ops_not
        for code in operations:
            if search(code) and (refuse is None or not refuse.search(code)):
                return procedure.id
    return NONE


def icd_codes(codes: Iterable[str]) -> list[str]:
    """Return the ICD-10 codes among "icd:M17.1", "ops:5-822.g1" and the like, without the prefix, in upper case."""
    return [code.removeprefix(_ICD).upper() for code in codes if code.startswith(_ICD)]
