"""From JSON that passed its schema to the domain's values; camelCase becomes snake_case, digits and texts stay.

Absent members become None or empty; `messageId` and `case` fall back on `id`, as the format says.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.standing_alone import RecordsAlone, WordAboutCase
from adapter.domain.values import Instant, PartialDate


def build_request(raw: dict[str, Any]) -> SecondOpinionRequest:
    """Return the request that `raw` states; `raw` must have passed every check."""
    stated = _with_ids(raw) | {"case": raw.get("case", raw["id"])}
    if "plannedProcedure" in raw:
        stated["plannedProcedure"] = _planned(raw["plannedProcedure"])
    if "records" in raw:
        stated["records"] = [_with_lower_hash(record) for record in raw["records"]]
    return _converter().structure(stated, SecondOpinionRequest)


def build_report(raw: dict[str, Any]) -> SecondOpinionReport:
    """Return the report that `raw` states; `raw` must have passed every check."""
    stated = _with_ids(raw)
    if "document" in raw:
        stated["document"] = _with_lower_hash(raw["document"])
    return _converter().structure(stated, SecondOpinionReport)


def build_records(raw: dict[str, Any]) -> RecordsAlone:
    """Return the records that `raw` states; `raw` must have passed every check."""
    stated = _with_ids(raw) | {"records": [_with_lower_hash(record) for record in raw["records"]]}
    return _converter().structure(stated, RecordsAlone)


def build_word(raw: dict[str, Any]) -> WordAboutCase:
    """Return the word about a case that `raw` states; `raw` must have passed every check."""
    return _converter().structure(_with_ids(raw), WordAboutCase)


def _with_ids(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"messageId": raw.get("messageId", raw["id"])}


def _planned(planned: dict[str, Any]) -> dict[str, Any]:
    """Words, side and place may stand inside the code; the procedure has them in any case."""
    code = planned.get("code")
    if code is None:
        return planned
    inside = {name: code[name] for name in ("text", "laterality", "bodySite") if name in code}
    coding = {name: value for name, value in code.items() if name not in inside}
    if "text" in inside and "text" in planned:
        coding["display"] = inside["text"]
    return inside | planned | {"code": coding}


def _with_lower_hash(holder: dict[str, Any]) -> dict[str, Any]:
    return holder | {"sha256": holder["sha256"].lower()} if "sha256" in holder else holder


@cache
def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_structure_hook(Instant, lambda text, _: Instant(text))
    converter.register_structure_hook(PartialDate, lambda text, _: PartialDate(text))
    converter.register_structure_hook_factory(is_dataclass, _structure_for(converter))
    converter.register_structure_hook(Instant, lambda text, _: Instant(text))
    converter.register_structure_hook(PartialDate, lambda text, _: PartialDate(text))
    return converter


def _structure_for(converter: Converter) -> Callable[[type], Any]:
    def factory(kind: Any) -> Any:
        renamed = {field.name: override(rename=_camel(field.name)) for field in fields(kind)}
        return make_dict_structure_fn(kind, converter, **renamed)  # type: ignore[arg-type]  # overrides by member name

    return factory


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
