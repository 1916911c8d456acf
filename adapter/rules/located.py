"""YAML in which every member knows its line, read strictly: what other readers would take differently is refused.

Plain `yes`, `no`, `on`, `off` and numbers with a leading zero mean different things in YAML 1.1 and 1.2
(https://yaml.org/spec/1.2.2/ext/changes/), so they must stand in quotes; tags and merge keys are not used.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from adapter.base.errors import AdapterError, Problem

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_QUOTED = ("'", '"', "|", ">")
_INT = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMBIGUOUS = re.compile(r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|[-+]?0\d+(\.\d*)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


class Mapped(dict[Any, Any]):
    """A mapping; `line` is where it begins and `lines` where each key stands, both 1-based."""

    line: int
    lines: dict[Any, int]


class Listed(list[Any]):
    """A sequence; `lines` says where each item begins, 1-based."""

    lines: list[int]


class Findings:
    """Collects everything that is wrong with files, each finding with file and line, to be raised at once."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self._problems: list[Problem] = []

    def add(self, text: str, file: str, line: int | None = None) -> None:
        """Note one problem, once; `file` as people will look for it, `line` 1-based."""
        problem = Problem(text, f"{file}:{line}" if line else file)
        if problem not in self._problems:
            self._problems.append(problem)

    def raise_as(self, error: type[AdapterError], text: str) -> None:
        """Raise `error` with all problems, if there are any."""
        if self._problems:
            raise error(text, problems=self._problems)


def read_located(text: str, file: str, findings: Findings) -> Any:
    """Return the document as Mapped, Listed, str, int, Decimal, date, bool or None; what is wrong goes to `findings`.

    A document that is no YAML at all reads as None.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
        return None if node is None else _Reading(file, findings).value(node)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        findings.add(f"this is not YAML: {wrong.problem}", file, mark.line + 1 if mark else None)
    except yaml.YAMLError as wrong:
        findings.add(f"this is not YAML: {str(wrong).splitlines()[0]}", file)
    except RecursionError:
        findings.add("this is nested too deeply", file)
    return None


class _Reading:
    """One pass over the nodes of one document; an anchor is read once, wherever it is used."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._open: set[int] = set()
        self._done: dict[int, Any] = {}

    def value(self, node: Any) -> Any:
        key = id(node)
        if key in self._done:
            return self._done[key]
        if key in self._open:
            self._add(node, "this contains itself")
            return None
        result: Any
        with self._reading(key):
            if isinstance(node, yaml.MappingNode):
                result = self._mapping(node)
            elif isinstance(node, yaml.SequenceNode):
                result = self._sequence(node)
            else:
                result = self._scalar(node)
        self._done[key] = result
        return result

    @contextmanager
    def _reading(self, key: int) -> Iterator[None]:
        self._open.add(key)
        try:
            yield
        finally:
            self._open.discard(key)

    def _add(self, node: Any, text: str) -> None:
        self._findings.add(text, self._file, node.start_mark.line + 1)

    def _mapping(self, node: Any) -> Mapped:
        result = Mapped()
        result.line = node.start_mark.line + 1
        result.lines = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._add(key_node, "a key must be a single word")
                continue
            key = self._scalar(key_node)
            if key in result:
                self._add(key_node, f"the key {key!r} stands here twice")
            result[key] = self.value(value_node)
            result.lines[key] = key_node.start_mark.line + 1
        return result

    def _sequence(self, node: Any) -> Listed:
        result = Listed(self.value(item) for item in node.value)
        result.lines = [item.start_mark.line + 1 for item in node.value]
        return result

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        if not node.tag.startswith("tag:yaml.org,2002:str"):
            self._add(node, "tags are not used here; write the plain value")
            return None
        if node.style in _QUOTED:
            return text
        if _AMBIGUOUS.fullmatch(text):
            self._add(node, f"put {text} into quotes, or write true or false: readers of YAML disagree about it")
        return _WORDS[text] if text in _WORDS else self._plain(node, text)

    def _plain(self, node: Any, text: str) -> Any:
        if _INT.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        return self._day(node, text) if _DAY.fullmatch(text) else text

    def _day(self, node: Any, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._add(node, f"{text} is not in the calendar")
            return None
