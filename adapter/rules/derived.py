"""The facts that are computed from others, each by one small function; unknown as long as an input is unknown.

What each means for people, and from what it comes, stands in mappings/coverage/shared/vocabulary.yaml.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from adapter.rules.procedures import NONE, Procedure, first_listed, icd_codes

_TRAUMA_MARGIN = timedelta(days=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a pack brings to the derived facts: its listed procedures and its parameters.

    Attributes:
        procedures: by id, in the order in which they are tried.
        languages: primary tags of the languages that the provider reads.
        noncontracted_pct: what is reimbursed without a contract, None where the pack does not say.
        deductible: the yearly amount in EUR; a year without an amount is absent.
        named: the names of the parameters that the pack gives, also those that are null.
    """

    procedures: Mapping[str, Procedure]
    languages: frozenset[str] = frozenset()
    noncontracted_pct: Decimal | None = None
    deductible: Mapping[int, Decimal]
    named: frozenset[str] = frozenset()


class Values(dict[str, Any]):
    """The facts of one request as one pack sees them: an absent fact is None, a derived one is computed once."""

    __slots__ = ("setting",)

    def __init__(self, facts: Mapping[str, object], setting: Setting) -> None:
        """Take over `facts`, typed as `Vocabulary.read_facts` returns them."""
        super().__init__(facts)
        self.setting = setting

    def __missing__(self, name: str) -> Any:
        derive = DERIVATIONS.get(name)
        value = None if derive is None else derive(self)
        self[name] = value
        return value

    @property
    def listed(self) -> Procedure | None:
        """The listed procedure; None where nothing is listed or the codes are unknown."""
        return self.setting.procedures.get(self["procedure"] or NONE)


def _age(values: Values) -> int | None:
    born: date | None = values["birth_date"]
    on: date | None = values["service_date"]
    if born is None or on is None or born > on:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _days_between(first: str, last: str) -> Callable[[Values], int | None]:
    def days(values: Values) -> int | None:
        start: date | None = values[first]
        end: date | None = values[last]
        return None if start is None or end is None else (end - start).days

    return days


def _equal(one: str, other: str) -> Callable[[Values], bool | None]:
    def equal(values: Values) -> bool | None:
        left, right = values[one], values[other]
        return None if left is None or right is None else bool(left == right)

    return equal


def _procedure(values: Values) -> str | None:
    codes: tuple[str, ...] | None = values["codes"]
    return None if codes is None else first_listed(values.setting.procedures, codes)


def _of_procedure(judge: Callable[[Procedure, Values], bool | None]) -> Callable[[Values], bool | None]:
    """Make a derived fact about the listed procedure: unknown without codes, false where nothing is listed."""

    def derive(values: Values) -> bool | None:
        if values["procedure"] is None:
            return None
        procedure = values.listed
        return False if procedure is None else judge(procedure, values)

    return derive


def _in_force(procedure: Procedure, values: Values) -> bool | None:
    on: date | None = values["service_date"]
    return None if on is None else on >= procedure.in_force_from


def _icd_mismatch(procedure: Procedure, values: Values) -> bool:
    required = procedure.icd_required
    codes = icd_codes(values["codes"])
    return required is not None and bool(codes) and not any(required.search(code) for code in codes)


def _icd_excluded(procedure: Procedure, values: Values) -> bool:
    excluded = procedure.icd_excluded
    return excluded is not None and any(excluded.search(code) for code in icd_codes(values["codes"]))


def _trauma_short(procedure: Procedure, values: Values) -> bool | None:
    trauma = procedure.trauma
    if trauma is None or not any(trauma.search(code) for code in icd_codes(values["codes"])):
        return False
    indicated: date | None = values["indication_date"]
    surgery: date | None = values["surgery_date"]
    return None if indicated is None or surgery is None else surgery - indicated < _TRAUMA_MARGIN


def _specialty_ok(procedure: Procedure, values: Values) -> bool | None:
    specialty: str | None = values["second_field"]
    return None if specialty is None else specialty in procedure.specialties


def _approved_ok(procedure: Procedure, values: Values) -> bool | None:
    approved: tuple[str, ...] | None = values["second_approved_for"]
    return None if approved is None else procedure.id in approved


def _foreign_file(values: Values) -> bool | None:
    country: str | None = values["first_country"]
    return None if country is None else country != "NL"


def _languages_ok(values: Values) -> bool | None:
    tags: tuple[str, ...] | None = values["records_language"]
    return None if tags is None else values.setting.languages.issuperset(tags)


def _deductible_known(values: Values) -> bool | None:
    on: date | None = values["service_date"]
    return None if on is None else on.year in values.setting.deductible


def _pct_effective(values: Values) -> Decimal | None:
    stated: Decimal | None = values["noncontracted_pct"]
    return stated if stated is not None else values.setting.noncontracted_pct


DERIVATIONS: Mapping[str, Callable[[Values], Any]] = {
    "age": _age,
    "days_informed": _days_between("informed_date", "surgery_date"),
    "days_to_surgery": _days_between("service_date", "surgery_date"),
    "procedure": _procedure,
    "procedure_in_force": _of_procedure(_in_force),
    "procedure_icd_mismatch": _of_procedure(_icd_mismatch),
    "procedure_icd_excluded": _of_procedure(_icd_excluded),
    "procedure_urgent_excluded": _of_procedure(lambda procedure, _values: procedure.urgent_excluded),
    "trauma_short": _of_procedure(_trauma_short),
    "specialty_ok": _of_procedure(_specialty_ok),
    "approved_ok": _of_procedure(_approved_ok),
    "same_org": _equal("first_org", "second_org"),
    "same_field": _equal("first_field", "second_field"),
    "same_role": _equal("first_role", "second_role"),
    "foreign_file": _foreign_file,
    "languages_ok": _languages_ok,
    "deductible_known": _deductible_known,
    "pct_effective": _pct_effective,
}
"""Every derived fact of the vocabulary, by name."""

NEEDED_PARAMETER: Mapping[str, str] = {
    "languages_ok": "languages",
    "deductible_known": "deductible",
    "pct_effective": "noncontracted_pct",
}
"""The parameter that a pack must name where a rule uses the derived fact."""

NEEDS_PROCEDURES = frozenset(name for name in DERIVATIONS if name.startswith("procedure")) | {
    "trauma_short",
    "specialty_ok",
    "approved_ok",
}
"""The derived facts that mean nothing without a list of procedures."""
