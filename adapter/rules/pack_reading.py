"""One pack file → Pack: header, parameters and rules, each checked against the vocabulary."""

import re
from datetime import date
from decimal import Decimal

from adapter.domain.coverage import CoverageOutcome, Reason
from adapter.rules.conditions import compile_condition
from adapter.rules.derived import NEEDED_PARAMETER, NEEDS_PROCEDURES, Setting
from adapter.rules.entry import Entry
from adapter.rules.logic import ALWAYS, Condition
from adapter.rules.pack_model import KINDS, RULE_KINDS, Pack, Rule
from adapter.rules.pack_shared import Shared, read_confidence, read_payers

_PACK_KEYS = {
    *("format", "id", "kind", "title", "jurisdiction", "priority", "payers", "payer_note", "provider"),
    *("provider_fact", "select_when", "select_if_unknown", "valid_from", "valid_to", "valid_note", "legal_source"),
    *("source", "parameters", "procedures", "rules"),
}
_ALWAYS_ALLOWED = {"id", "kind", "when", "reason", "text", "cite", "law", "confidence", "source_conflict", "note"}
_BY_KIND = {
    "exclude": {"decision", "if_unknown"},
    "require": {"on_fail", "if_unknown"},
    "benefit": {"pct", "pct_from", "deductible"},
    "notice": set[str](),
}
_LEVELS = ("denied", "action", "undetermined")
_DEDUCTIBLES = ("applies", "exempt", "none")
_PARAMETERS = {"languages", "noncontracted_pct", "deductible"}
_CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_ROW = re.compile(r"[A-Z]\d{2}(\.\d+[a-z]?)?")
_PROVIDER_FACTS = ("first_org", "second_org")
_HUNDRED = Decimal(100)


def read_pack(document: Entry, shared: Shared) -> Pack:
    """Read one pack; what is wrong is noted in the document's findings, and the result is then never used."""
    document.only(_PACK_KEYS)
    kind = document.choice("kind", KINDS)
    setting = _read_setting(document, shared)
    reading = _RuleReading(shared, setting)
    valid_from, valid_to = document.day("valid_from"), document.day("valid_to")
    if valid_from is None:
        document.add("valid_from is missing: the first day of the pack", "valid_from")
    elif valid_to is not None and valid_to < valid_from:
        document.add("valid_to lies before valid_from", "valid_to")
    if not document.words("legal_source"):
        document.add("legal_source is missing: name the laws or pages that the pack rests on", "legal_source")
    if kind == "intake":
        document.choice("provider_fact", _PROVIDER_FACTS)
    select_when: Condition = ALWAYS
    if document.has("select_when"):
        select_when = reading.condition(document, "select_when")
    return Pack(
        id=document.text("id"),
        kind=kind,
        title=document.texts("title"),
        jurisdiction=document.text("jurisdiction"),
        priority=document.whole("priority"),
        payers=_read_payers(document, shared, kind),
        provider=document.text("provider") if kind == "intake" else None,
        select_when=select_when,
        select_if_unknown=document.flag("select_if_unknown"),
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        legal_source=document.words("legal_source"),
        setting=setting,
        rules=reading.rules(document),
        file=document.file,
    )


def _read_payers(document: Entry, shared: Shared, kind: str) -> tuple[str, ...]:
    named = document.members.get("payers")
    if kind == "intake":
        if named is not None:
            document.add("an intake pack belongs to a provider and has no payers", "payers")
        return ()
    if isinstance(named, str):
        if named not in shared.payers:
            document.add(f"no list of payers is called {named!r}", "payers")
        return shared.payers.get(named, ())
    payers = read_payers(document, "payers")
    if not payers:
        document.add("payers must name the insurers, or a shared list of them", "payers")
    return payers


def _read_setting(document: Entry, shared: Shared) -> Setting:
    parameters = document.part("parameters")
    parameters.only(_PARAMETERS)
    named = document.optional_text("procedures")
    if named is not None and named not in shared.procedures:
        document.add(f"no list of procedures is called {named!r}", "procedures")
    years = parameters.part("deductible")
    amounts = {}
    for year in years.members:
        if not isinstance(year, int):
            years.add(f"{year!r} is no calendar year", year)
        amounts[year] = years.number(year)
    return Setting(
        procedures=shared.procedures.get(named, {}) if named else {},
        languages=frozenset(parameters.words("languages")),
        noncontracted_pct=_percent(parameters, "noncontracted_pct"),
        deductible={year: amount for year, amount in amounts.items() if amount is not None},
        named=frozenset(parameters.members),
    )


def _percent(entry: Entry, key: str) -> Decimal | None:
    value = entry.number(key)
    if value is not None and not 0 <= value <= _HUNDRED:
        entry.add(f"{key} must lie between 0 and 100", key)
    return value


class _RuleReading:
    """Reads the rules of one pack; shared rules are read anew for each pack that uses them."""

    def __init__(self, shared: Shared, setting: Setting) -> None:
        self._shared = shared
        self._setting = setting

    def rules(self, document: Entry) -> tuple[Rule, ...]:
        found: dict[str, Rule] = {}
        for item in document.parts("rules", "rule"):
            entry = self._resolve(item)
            if entry is None:
                continue
            rule = self._rule(entry)
            if rule.id in found or (entry is item and rule.id in self._shared.rules):
                item.add(f"the rule id {rule.id} is used twice", "use" if item.has("use") else "id")
            found[rule.id] = rule
        if not found:
            document.add("rules is missing: a pack without rules decides nothing", "rules")
        return tuple(found.values())

    def condition(self, entry: Entry, key: str) -> Condition:
        condition = compile_condition(entry, key, self._shared.vocabulary)
        for name in condition.facts:
            self._check_support(entry, key, name)
        return condition

    def _check_support(self, entry: Entry, key: str, name: str) -> None:
        parameter = NEEDED_PARAMETER.get(name)
        if parameter is not None and parameter not in self._setting.named:
            entry.add(f"{name} needs the parameter {parameter}, which the pack does not give", key)
        if name in NEEDS_PROCEDURES and not self._setting.procedures:
            entry.add(f"{name} needs a list of procedures, which the pack does not name", key)

    def _resolve(self, item: Entry) -> Entry | None:
        if not item.has("use"):
            return item
        item.only({"use"})
        name = item.text("use")
        if name not in self._shared.rules:
            item.add(f"no shared rule is called {name!r}", "use")
        return self._shared.rules.get(name)

    def _rule(self, entry: Entry) -> Rule:
        kind = entry.choice("kind", RULE_KINDS)
        entry.only(_ALWAYS_ALLOWED | _BY_KIND.get(kind, set()))
        level = {"exclude": "decision", "require": "on_fail"}.get(kind)
        if entry.has("if_unknown"):
            entry.choice("if_unknown", ("ignore",))
        if kind == "benefit" and not entry.members.keys() & _BY_KIND[kind]:
            entry.add("a benefit says pct, pct_from or deductible")
        return Rule(
            id=entry.text("id"),
            kind=kind,
            when=self.condition(entry, "when"),
            reason=_read_reason(entry),
            level=_read_level(entry, level) if level else None,
            ignores_unknown=entry.has("if_unknown"),
            pays="pct" in entry.members or "pct_from" in entry.members,
            pct=_percent(entry, "pct"),
            pct_from=self._percent_fact(entry),
            deductible=entry.choice("deductible", _DEDUCTIBLES) if entry.has("deductible") else None,
        )

    def _percent_fact(self, entry: Entry) -> str | None:
        name = entry.optional_text("pct_from")
        if name is None:
            return None
        fact = self._shared.vocabulary.find(name)
        if fact is None or fact.type != "number":
            entry.add(f"pct_from must name a fact that is a number; {name!r} is none", "pct_from")
        self._check_support(entry, "pct_from", name)
        if "pct" in entry.members:
            entry.add("give either pct or pct_from", "pct_from")
        return name


def _read_level(entry: Entry, key: str) -> CoverageOutcome | None:
    level = entry.choice(key, _LEVELS)
    return CoverageOutcome(level) if level in _LEVELS else None


def _read_reason(entry: Entry) -> Reason:
    code = entry.text("reason")
    if code and _CODE.fullmatch(code) is None:
        entry.add(f"reason {code!r} must be capitals and hyphens, such as NL-REFERRAL-MISSING", "reason")
    rows = entry.words("cite")
    for row in [row for row in rows if _ROW.fullmatch(row) is None]:
        entry.add(f"{row!r} is no requirement row, such as A27.4", "cite")
    law = entry.optional_text("law")
    if not rows and law is None:
        entry.add("a rule needs a source: name requirement rows in cite, or the law")
    return Reason(
        code=code,
        rule=entry.text("id"),
        text=entry.texts("text"),
        source=rows,
        law=law,
        confidence=read_confidence(entry),
    )
