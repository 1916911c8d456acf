"""The rooms of docs/architecture.md hold, and each contract that guards them can break."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / ".importlinter"
LINT = Path(sys.executable).parent / "lint-imports"

MODULES = [
    "__main__",
    "settings",
    "testing",
    "app",
    *("base.clock", "fhir.models", "fhir.codec", "domain.request", "mapping.trace", "intake.read", "rules.pack"),
    *("exchange.client", "store.cases", "workflow.steps", "workflow.engine", "api.main", "demo.stage", "cli.main"),
]
LEGITIMATE = {
    "base.clock": "import structlog",
    "fhir.models": "from fhir.resources.R4B import patient",
    "fhir.codec": "from lxml import etree",
    "domain.request": "from adapter.base import clock",
    "mapping.trace": "from adapter.fhir import models",
    "intake.read": "import cattrs, jsonschema_rs",
    "rules.pack": "import yaml",
    "exchange.client": "import httpx",
    "store.cases": "import sqlalchemy",
    "exchange.mllp.library": "import hl7",
    "workflow.engine": "import dbos",
    "api.main": "import fastapi",
    "settings": "import pydantic_settings",
    "app": "from adapter import settings; from adapter.api import main",
    "cli.main": "import typer; from adapter import app",
}
WRONG = [
    ("layers", "domain.request", "from adapter.rules import pack"),
    ("layers", "rules.pack", "from adapter.intake import read"),
    ("layers", "exchange.client", "from adapter.store import cases"),
    ("layers", "helpers", ""),  # a module that no layer names
    ("settings-at-the-top", "exchange.client", "from adapter.settings import load"),
    ("settings-know-nothing", "settings", "from adapter.fhir import models"),
    ("floor", "base.clock", "import pydantic"),
    ("domain-is-plain", "domain.request", "from adapter.fhir import codec"),
    ("pure-core", "rules.pack", "import asyncio"),
    ("pure-core", "mapping.trace", "import socket"),
    ("fhir-resources", "fhir.codec", "from fhir.resources.R4B import patient"),
    ("fhir-resources", "store.cases", "from fhir.resources.R4B import patient"),
    ("lxml", "intake.read", "from lxml import etree"),
    ("httpx", "cli.main", "import httpx"),
    ("sql", "workflow.steps", "import sqlalchemy"),
    ("hl7", "workflow.steps", "import hl7"),
    ("dbos", "workflow.steps", "import dbos"),
    ("web", "workflow.steps", "import fastapi"),
    ("web", "app", "import uvicorn"),
    ("terminal", "api.main", "import rich"),
    ("readers", "mapping.trace", "import yaml"),
    ("readers", "rules.pack", "import jsonschema_rs"),
    ("pydantic", "domain.request", "import pydantic"),
]


def _contract_names() -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, encoding="utf-8")
    prefix = "importlinter:contract:"
    return {key.removeprefix(prefix): parser[key]["name"] for key in parser.sections() if key.startswith(prefix)}


NAMES = _contract_names()


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--config", CONTRACTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def _broken(result: subprocess.CompletedProcess[str]) -> set[str]:
    return {
        key for key, name in NAMES.items() for line in result.stdout.splitlines() if line.startswith(f"{name} BROKEN")
    }


def _write_tree(folder: Path, sources: dict[str, str]) -> None:
    for module in {*MODULES, *sources}:
        file = folder.joinpath("adapter", *module.split(".")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sources.get(module, "") + "\n", encoding="utf-8")
    for package in (folder / "adapter", *(path for path in (folder / "adapter").iterdir() if path.is_dir())):
        (package / "__init__.py").touch()


def test_the_adapter_keeps_every_contract():
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Contracts: {len(NAMES)} kept, 0 broken." in result.stdout


def test_a_small_right_tree_keeps_every_contract(tmp_path):
    _write_tree(tmp_path, LEGITIMATE)
    result = _lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "module", "line"), WRONG, ids=lambda part: str(part).replace(" ", "_"))
def test_a_wrong_import_breaks_its_contract(tmp_path, contract, module, line):
    _write_tree(tmp_path, {**LEGITIMATE, module: f"{LEGITIMATE.get(module, '')}\n{line}"})
    result = _lint(tmp_path)
    assert result.returncode != 0
    assert contract in _broken(result), result.stdout + result.stderr


def test_every_contract_has_a_wrong_import_that_breaks_it():
    assert {contract for contract, _, _ in WRONG} == set(NAMES)
