"""What several packs use: the vocabulary, lists of payers, lists of procedures, and rules, each kept in one place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from adapter.rules.derived import DERIVATIONS
from adapter.rules.entry import Entry
from adapter.rules.procedures import NONE, Procedure
from adapter.rules.vocabulary import ASKED, TYPES, DerivedFact, Fact, Vocabulary

MARKS = ("VERIFIED", "SOURCE", "INFERRED", "RECALLED")
"""How sure an entry is; a confidence begins with one of them and may go on in words."""

_FACT_KEYS = {"type", "label", "ask", "values", "least", "most", "pattern", "note", "fhir"}
_PAYER_KEYS = {"id", "name", "brand", "row", "confidence", "note"}
_PROCEDURE_KEYS = {
    *("id", "number", "letter", "row", "name", "in_force_from", "in_force_confidence", "ops", "specialties"),
    *("specialties_confidence", "icd_required", "icd_required_confidence", "icd_excluded", "icd_excluded_confidence"),
    *("trauma_regex", "trauma_confidence", "urgent_excluded", "urgent_confidence"),
}
_PAYER = re.compile(r"[a-z]+:[0-9A-Za-z]*\*?")
_ANYTHING = re.compile("")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """The shared parts by name; packs point to them."""

    vocabulary: Vocabulary
    payers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    procedures: Mapping[str, Mapping[str, Procedure]] = field(default_factory=dict)
    rules: Mapping[str, Entry] = field(default_factory=dict)


def read_vocabulary(document: Entry) -> Vocabulary:
    """Read the facts and derived facts; the latter must be exactly those for which a computation exists."""
    document.only({"format", "facts", "derived"})
    facts = document.part("facts")
    derived = document.part("derived")
    known = {name: _read_fact(facts.part(name), name) for name in facts.members}
    computed = {name: _read_derived(derived.part(name), name, known) for name in derived.members}
    for name in computed.keys() - DERIVATIONS.keys():
        derived.add(f"no computation is called {name}", name)
    for name in DERIVATIONS.keys() - computed.keys():
        derived.add(f"the computed fact {name} is not described")
    for name in computed.keys() & known.keys():
        derived.add(f"{name} is also a given fact", name)
    return Vocabulary(known, computed)


def _read_fact(entry: Entry, name: str) -> Fact:
    entry.only(_FACT_KEYS)
    kind = entry.choice("type", TYPES)
    values = entry.words("values")
    if kind == "code" and "values" in entry.members and not values:
        entry.add("values must not be empty", "values")
    return Fact(
        name=name,
        type=kind,
        label=entry.texts("label"),
        ask=entry.choice("ask", ASKED),
        values=values,
        least=entry.number("least"),
        most=entry.number("most"),
        pattern=read_pattern(entry, "pattern"),
    )


def _read_derived(entry: Entry, name: str, facts: Mapping[str, Fact]) -> DerivedFact:
    entry.only({"type", "from", "values", "meaning"})
    inputs = entry.words("from")
    for unknown in [one for one in inputs if one not in facts]:
        entry.add(f"no given fact is called {unknown!r}", "from")
    if not inputs:
        entry.add("from must name the facts that it is computed from", "from")
    kind = entry.choice("type", TYPES)
    return DerivedFact(
        name=name,
        type=kind,
        inputs=inputs,
        meaning=entry.text("meaning"),
        values=entry.words("values"),
    )


def read_payers(entry: Entry, key: str) -> tuple[str, ...]:
    """Read the list of payers below `key`; each has an id such as "iknr:108018007" or "uzovi:*"."""
    payers = []
    for payer in entry.parts(key, "payer"):
        payer.only(_PAYER_KEYS)
        name = payer.text("id")
        if name and _PAYER.fullmatch(name) is None:
            payer.add(f"{name!r} is no payer; write iknr:<9 digits>, uzovi:<4 digits>, or end it with *", "id")
        payer.text("name")
        read_confidence(payer)
        payers.append(name)
    for twice in sorted({name for name in payers if payers.count(name) > 1}):
        entry.add(f"the payer {twice} stands here twice", key)
    return tuple(payers)


def read_procedures(entry: Entry, key: str) -> dict[str, Procedure]:
    """Read the list of procedures below `key`, in the order in which they are tried."""
    found: dict[str, Procedure] = {}
    for item in entry.parts(key, "procedure"):
        item.only(_PROCEDURE_KEYS)
        name = item.text("id")
        if name in found or name == NONE:
            item.add(f"the procedure {name} stands here twice" if name in found else f"{NONE} means no procedure", "id")
        found[name] = _read_procedure(item, name)
    return found


def _read_procedure(item: Entry, name: str) -> Procedure:
    ops = item.part("ops")
    ops.only({"regex", "exclude_regex", "confidence", "note"})
    read_confidence(ops)
    specialties = item.words("specialties")
    if not specialties:
        item.add("specialties must name who may give the opinion", "specialties")
    in_force_from = item.day("in_force_from")
    if in_force_from is None:
        item.add("in_force_from is missing: the first day on the list")
    if not ops.has("regex"):
        ops.add("regex is missing")
    return Procedure(
        id=name,
        name=item.texts("name"),
        in_force_from=in_force_from or date.max,
        ops=read_pattern(ops, "regex") or _ANYTHING,
        ops_not=read_pattern(ops, "exclude_regex"),
        icd_required=read_pattern(item, "icd_required"),
        icd_excluded=read_pattern(item, "icd_excluded"),
        trauma=read_pattern(item, "trauma_regex"),
        urgent_excluded=item.flag("urgent_excluded"),
        specialties=frozenset(specialties),
    )


def read_pattern(entry: Entry, key: str) -> re.Pattern[str] | None:
    """Return the compiled pattern, None where the member is absent."""
    text = entry.optional_text(key)
    try:
        return None if text is None else re.compile(text)
    except re.error as wrong:
        entry.add(f"{key} is no regular expression: {wrong.msg} at position {wrong.pos}", key)
        return None


def read_confidence(entry: Entry) -> str:
    """Return the confidence, which must begin with one of MARKS."""
    text = entry.text("confidence")
    if text and not text.startswith(MARKS):
        entry.add(f"confidence must begin with {', '.join(MARKS)}", "confidence")
    return text


def rules_by_id(document: Entry) -> dict[str, Entry]:
    """Return the shared rules by id, unread; each is read where a pack uses it, with that pack's parameters."""
    found: dict[str, Entry] = {}
    for rule in document.parts("rules", "rule"):
        name = rule.text("id")
        if name in found:
            rule.add(f"the rule {name} stands here twice", "id")
        found[name] = rule
    return found
