"""A hospital's `checklist.toml`: which documents and facts must be there before which step, and whose part that is.

The gate that enforces it reads `Item`s; here they are only checked against the canonical format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapter.intake.hospitals.toml_file import Part
from adapter.mapping.tables.target import allowed, parse_target, type_of

STEPS: Final = ("request", "sending", "study", "talk", "report", "closing")
"""Before the request is taken, before it leaves, before the file is studied, before the second doctor and the patient
meet, before the report goes back, before the case ends."""
BY: Final = ("patient", "treating", "consulting", "gp", "archive")
BUSINESS: Final = ("records-complete", "report-issued", "discussed-with-patient", "care-taken-over")
LANGUAGES: Final = ("en", "de", "nl")

_KEYS: Final = (
    "id",
    "before",
    "by",
    "documents",
    "member",
    "says",
    "unless",
    "reached",
    "only",
    "rule",
    "rows",
    "text",
)
_ID: Final = re.compile(r"[a-z][a-z0-9-]*")
_CODING: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s|]+\|[^\s|]+")
_ROW: Final = re.compile(r"[A-Z][0-9]{2}(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Saying:
    """A member of the canonical request, and what it must say.

    Attributes:
        member: JSON pointer; `+` = in each entry of the list.
        says: one of these words, "true" and "false" for truth values; none = anything, if only it is said.
        unless: whether `says` are what it must not say; an absent member says nothing, which is not known.
    """

    member: str
    says: tuple[str, ...] = ()
    unless: bool = False

    def __str__(self) -> str:
        """Say it as people read it: "/patient/birthDate is said"."""
        if not self.says:
            return f"{self.member} is said"
        return f"{self.member} says {'anything but' if self.unless else ''} {' or '.join(self.says)}".replace("  ", " ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that must be there; exactly one of `documents`, `saying` and `reached` says what.

    Attributes:
        id: its name in the folder.
        before: the step that waits for it, one of STEPS.
        by: who can see to it.
        documents: "system|code" of which one record must have one; none = it is no document.
        saying: what the request must say; None = it is no fact.
        reached: the state that the case must have had; None = it is no state.
        only: when it is asked for: all of these; none = always.
        rule: the rule of a pack that judges the same today, "pack#rule"; None = there is none.
        rows: of the requirements on which it rests.
        text: what people are told, by language.
    """

    id: str
    before: str
    by: tuple[str, ...]
    documents: tuple[str, ...] = ()
    saying: Saying | None = None
    reached: str | None = None
    only: tuple[Saying, ...] = ()
    rule: str | None = None
    rows: tuple[str, ...]
    text: Mapping[str, str]

    def needs(self) -> str:
        """Say what must be there."""
        if self.documents:
            return f"a record with {' or '.join(self.documents)}"
        return str(self.saying) if self.saying is not None else f"the case has reached {self.reached}"

    def asked_for(self) -> str:
        """Say when it is asked for; "" = always."""
        return " and ".join(str(one) for one in self.only)


def read_checklist(part: Part, schema: Mapping[str, Any]) -> tuple[Item, ...]:
    """Take the items out of the file; what is wrong is added to the part's problems.

    Args:
        part: the file.
        schema: of the canonical request.
    """
    part.only(("item",))
    items = [_item(one, schema) for one in part.parts("item")]
    ids = [one.id for one in items]
    for number, name in enumerate(ids):
        if name in ids[:number]:
            part.wrong(f"there is an item {name} already", "item", number, "id")
    return tuple(items)


def _item(part: Part, schema: Mapping[str, Any]) -> Item:
    part.only(_KEYS)
    name, documents = part.text("id"), part.texts("documents")
    reached, saying = part.one_of("reached", BUSINESS, required=False), _saying(part, schema)
    if name and _ID.fullmatch(name) is None:
        part.wrong("id has small letters, digits and hyphens", "id")
    if sum((bool(documents), saying is not None, bool(reached))) != 1:
        part.wrong("an item has documents, a member, or a state that is reached: one of the three")
    if any(_CODING.fullmatch(one) is None for one in documents):
        part.wrong('documents are "system|code", such as http://loinc.org|57133-1', "documents")
    rows = part.texts("rows", required=True)
    if any(_ROW.fullmatch(one) is None for one in rows):
        part.wrong("rows are those of the requirements, such as C36", "rows")
    texts = part.part("text")
    texts.only(LANGUAGES)
    return Item(
        id=name,
        before=part.one_of("before", STEPS),
        by=part.texts("by", BY, required=True),
        documents=documents,
        saying=saying,
        reached=reached or None,
        only=tuple(_conditions(part, schema)),
        rule=part.text("rule", required=False) or None,
        rows=rows,
        text={language: texts.text(language) for language in LANGUAGES},
    )


def _conditions(part: Part, schema: Mapping[str, Any]) -> Iterator[Saying]:
    for one in part.parts("only"):
        one.only(("member", "says", "unless"))
        saying = _saying(one, schema)
        if saying is None:
            one.wrong("a condition names a member")
        else:
            yield saying


def _saying(part: Part, schema: Mapping[str, Any]) -> Saying | None:
    member, says, unless = part.text("member", required=False), part.texts("says"), part.texts("unless")
    if not member:
        if says or unless:
            part.wrong("says and unless speak of a member", "says")
        return None
    if says and unless:
        part.wrong("either says or unless", "unless")
    try:
        target = parse_target(member, None, schema)
    except ValueError as error:
        part.wrong(f"{member}: {error}", "member")
        return None
    words = ("true", "false") if type_of(target) == "boolean" else allowed(target)
    if words and any(one not in words for one in says or unless):
        part.wrong(f"{member} says one of {', '.join(words)}", "says" if says else "unless")
    return Saying(member, says or unless, unless=bool(unless))
