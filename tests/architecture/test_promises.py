"""Promises that no type and no linter can keep: who makes clearances, who asks the machine what time it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "adapter"
GATE = "rules/consent_gate.py"


def _trees() -> Iterator[tuple[str, ast.AST]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        yield file.relative_to(PACKAGE).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def _calls(tree: ast.AST) -> Iterator[str]:
    """Give the dotted name of everything that is called: "datetime.now", "Cleared"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func.value if isinstance(node.func, ast.Subscript) else node.func  # Cleared[Record](...)
            yield ast.unparse(function)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def test_only_the_gate_clears():
    made = {file for file, tree in _trees() for call in _calls(tree) if call.split(".")[-1] == "Cleared"}
    assert made <= {GATE}


def test_only_the_gate_holds_the_seal():
    holders = {file for file, tree in _trees() if {"GATE_SEAL", "GateSeal"} & set(_names(tree))}
    assert holders <= {"domain/clearance.py", GATE}


def test_only_the_clock_asks_the_machine_what_time_it_is():
    asking = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    askers = {file for file, tree in _trees() for call in _calls(tree) if call.endswith(asking)}
    assert askers <= {"base/clock.py"}


def test_only_the_settings_read_the_environment():
    readers = {file for file, tree in _trees() if {"environ", "getenv"} & set(_names(tree))}
    assert readers <= {"settings.py", "demo/stage.py"}  # the stage hands its own on to the nodes that it starts
