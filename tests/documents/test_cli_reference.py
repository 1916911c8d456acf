"""docs/reference/cli.md has every verb with every argument and option, as the code has them."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest

from adapter.cli.main import VERBS, _load

PAGE = "docs/reference/cli.md"


def _commands(verb: str) -> dict[str, Any]:
    """Give the command lines of a verb that can be typed, such as "packs show", with their commands."""
    command = _load(verb)
    inner = getattr(command, "commands", None)
    return {verb: command} if inner is None else {f"{verb} {name}": one for name, one in inner.items()}


def _call(name: str, command: Any) -> str:
    arguments = [_name(one) for one in command.params if one.param_type_name == "argument"]
    return " ".join(["second-opinion", name, *arguments])


def _name(one: Any) -> str:
    if one.param_type_name == "argument":
        return (one.metavar or one.name.upper()).strip("{}")
    return ", ".join([*one.opts, *one.secondary_opts])


def _means(one: Any) -> str:
    kind = one.type_descriptor.annotation
    values = [value.value for value in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []
    default = getattr(one.default, "value", one.default)
    told = [one.help.rstrip("."), *([", ".join(values)] if values else [])]
    if default is not None and not isinstance(default, bool):
        return f"{': '.join(told)} (default `{default}`)"
    return ": ".join(told) + (" (required)" * (one.required and one.param_type_name == "option"))


def _lines(commands: dict[str, Any]) -> Iterator[str]:
    yield "| command | does |"
    yield "|---|---|"
    for name, command in commands.items():
        yield f"| `{_call(name, command)}` | {' '.join(command.help.partition(chr(10) * 2)[0].split())} |"
    yield ""
    yield "| | means | of |" if len(commands) > 1 else "| | means |"
    yield "|---|---|---|" if len(commands) > 1 else "|---|---|"
    owners: dict[tuple[str, str], list[str]] = {}
    for name, command in commands.items():
        for one in command.params:
            owners.setdefault((_name(one), _means(one)), []).append(name.partition(" ")[2])
    for (name, means), of in owners.items():
        whose = "all" if len(of) == len(commands) else ", ".join(of)
        yield f"| `{name}` | {means} |" + (f" {whose} |" if len(commands) > 1 else "")


@pytest.mark.parametrize("verb", VERBS)
def test_the_arguments_and_options_of_a_verb_are_those_of_the_code(verb, made):
    made(PAGE, verb, list(_lines(_commands(verb))))


def test_every_verb_has_its_part_and_no_other_is_told(parts):
    assert parts(PAGE) == list(VERBS)
