"""One row of a table: its cells as they were written, and compiled."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from adapter.mapping.tables.codes import CodeMap
from adapter.mapping.tables.outcome import Entry, Given, Need, Transform
from adapter.mapping.tables.selector import Condition, Selector, parse_selector
from adapter.mapping.tables.target import NoPlace, Target, allowed, parse_target, takes, type_of

COLUMNS: Final = ("source", "target", "transform", "codes", "required", "spec")
LOST: Final = "lost"
_UNUSED: Final = "`{}` makes nothing of it: not taken over"

_TRANSFORM: Final = re.compile(r"(?P<name>[a-z][a-z0-9-]*)(?:\((?P<argument>.*)\))?")


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it was written, with its place ("hl7v2/pid.csv:12")."""

    where: str
    source: str
    target: str
    transform: str
    codes: str = ""
    required: str = ""
    spec: str = ""

    def replaces(self, lower: "Cells") -> bool:
        """Tell whether a row of a layer below is not heard any more, because this one speaks of the same.

        It does with the same source and target, and with the same source where this one goes nowhere.
        """
        return self.source == lower.source and self.target in ("", lower.target)


class Over(NamedTuple):
    """What a row says of the fields beneath its node of which nothing else is said.

    Attributes:
        transform: as the row names it.
        note: why they go nowhere.
        is_loss: whether they count as lost.
        is_meant: whether the row has no target; otherwise they are what its transform left over.
    """

    transform: str
    note: str
    is_loss: bool
    is_meant: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row, ready for use.

    Attributes:
        cells: as it was written.
        selector: of its source; None = it speaks of the message as a whole.
        targets: where its values go; none = nowhere, and the last cell says why.
        transform: bound to the row's argument and codes.
        over: what is said of fields that are not used.
        decides: the conditions by which it was chosen: positions in the way of a match, and where they look.
    """

    cells: Cells
    selector: Selector | None
    targets: tuple[Target, ...]
    transform: Transform
    over: Over
    decides: tuple[tuple[int, Selector], ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row is compiled in.

    Attributes:
        schema: of the document that the table makes.
        maps: the ConceptMaps by name.
        transforms: the closed list.
        produces: what the document is called.
    """

    schema: Mapping[str, Any]
    maps: Mapping[str, CodeMap]
    transforms: Mapping[str, Entry]
    produces: str


def compile_row(cells: Cells, around: Surroundings, *, is_own: bool) -> Row:
    """Compile a row.

    Args:
        cells: the row.
        around: what it is compiled in.
        is_own: whether the row was written for this document; a row of an extended table that goes to a member that
            this document has not is lost, with that as the reason.

    Raises:
        ValueError: a cell is wrong; the text says which and what to do.
    """
    if cells.required not in ("", "yes"):
        raise ValueError("required is yes, or empty")
    said = _TRANSFORM.fullmatch(cells.transform)
    if said is None:
        raise ValueError("a transform is a name, with an argument in parentheses where it takes one")
    name, argument = said["name"], said["argument"]
    found = around.transforms.get(name)
    if found is None:
        raise ValueError(f"there is no transform `{name}`: the list is in docs/reference/mapping-tables.md")
    _check_need(f"`{name}`", "an argument in parentheses", found.argument, is_there=argument is not None)
    _check_need(f"`{name}`", "a ConceptMap in the column codes", found.codes, is_there=bool(cells.codes))
    selector = _selector(cells, found, name)
    try:
        targets = _targets(cells, found, name, selector, around)
    except NoPlace:
        if is_own:
            raise
        spec = f"{around.produces} has no place for it"
        return compile_row(
            replace(cells, target="", transform=LOST, codes="", required="", spec=spec), around, is_own=True
        )
    codes = around.maps.get(cells.codes) if cells.codes else None
    if cells.codes and codes is None:
        raise ValueError(f"there is no ConceptMap `{cells.codes}`: it would be codes/ConceptMap-{cells.codes}.json")
    if codes is not None and name == "code":
        _check_codes(codes, targets)
    transform = found.bind(_given(argument, codes, cells, selector, targets))
    note = _UNUSED.format(cells.transform) if targets else cells.spec
    over = Over(cells.transform, note, bool(targets) or name == LOST, not targets)
    return Row(cells, selector, targets, transform, over, tuple(_decides(selector)))


def _given(
    argument: str | None, codes: CodeMap | None, cells: Cells, selector: Selector | None, targets: tuple[Target, ...]
) -> Given:
    is_field = selector is not None and len(selector.steps) > 1
    if not targets:
        return Given(argument, codes, cells.spec, is_field=is_field)
    return Given(argument, codes, cells.spec, type_of(targets[0]), tuple(allowed(targets[0]) or ()), is_field)


def _check_need(who: str, what: str, need: Need, *, is_there: bool) -> None:
    if need == "must" and not is_there:
        raise ValueError(f"{who} needs {what}")
    if need == "no" and is_there:
        raise ValueError(f"{who} does not take {what}")


def _selector(cells: Cells, found: Entry, name: str) -> Selector | None:
    if not cells.source:
        if not found.sourceless:
            raise ValueError(f"`{name}` needs a source")
        return None
    try:
        return parse_selector(cells.source)
    except ValueError as error:
        raise ValueError(f"source: {error}") from error


def _targets(
    cells: Cells, found: Entry, name: str, selector: Selector | None, around: Surroundings
) -> tuple[Target, ...]:
    texts = [text.strip() for text in cells.target.split(";") if text.strip()]
    if not texts and not cells.spec:
        raise ValueError("say where it goes, or in the last cell why nowhere")
    if len(texts) > found.targets:
        raise ValueError(f"`{name}` gives {_counted(found.targets)}, and {len(texts)} are named")
    if found.targets and not texts:
        raise ValueError("what goes nowhere has the transform ignore (nothing is lost) or lost")
    targets = tuple(parse_target(text, selector, around.schema) for text in texts)
    if cells.required and (selector is None or not targets):
        raise ValueError("what is required comes from somewhere and goes somewhere")
    made = found.makes.split(";") if found.makes else []
    for target, makes in zip(targets, made, strict=False):
        if not takes(target, makes, around.schema["$defs"]):
            raise ValueError(f"`{name}` makes {makes}, which {target.text} does not take")
    return targets


def _counted(number: int) -> str:
    return {0: "no value", 1: "one value"}.get(number, f"{number} values")


def _check_codes(codes: CodeMap, targets: Iterable[Target]) -> None:
    for target in targets:
        enum = allowed(target)
        wrong = sorted({one.code for one in codes.targets() if one.code is not None and enum and one.code not in enum})
        if wrong:
            raise ValueError(f"the ConceptMap gives {', '.join(wrong)}, which {target.text} does not take")


def _decides(selector: Selector | None) -> Iterable[tuple[int, Selector]]:
    for position, step in enumerate(selector.steps if selector else (), start=1):
        for one in step.conditions:
            if isinstance(one, Condition) and one.values is not None and not one.from_top:
                yield position, one.path
