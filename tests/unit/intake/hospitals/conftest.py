"""Hospitals' folders to load: the shipped formats, and a small hospital that tests change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.base.errors import SetupError
from adapter.intake.formats import Formats, load_formats, with_hospitals

PROFILE = """name = "north"
title = "Hospital North (TEST)"
roles = ["treating"]
country = "NL"
time_zone = "Europe/Amsterdam"
language = "nl"

[recognise]
names = ["Hospital North (TEST)"]
identifiers = ["urn:oid:2.999.77"]
hl7v2 = ["EPD-N|", "|NORTH-WEST"]

[in.hl7v2-orm]
also = ["OBR-4[3=99N][1=2ND]"]

[way]
talks = ["phone"]
"""
SEGMENTS = (
    r"MSH|^~\&|EPD-N|NORTH|B|B|20260312080500||ORM^O01|N-1|T|2.4",
    "PID|1||55^^^NRT^PI||de Vries-TEST^A.^^^^^L||19711224|F",
    "ORC|NW|N-ORD-1",
    "OBR|1|N-ORD-1||2ND^Elders^99N",
)


@pytest.fixture
def order() -> Callable[..., bytes]:
    """Return a function that gives an order of the hospital."""

    def made(*, application: str = "EPD-N", facility: str = "NORTH", code: str = "2ND^Elders^99N") -> bytes:
        text = "\r".join(SEGMENTS).replace("|EPD-N|NORTH|", f"|{application}|{facility}|")
        return text.replace("2ND^Elders^99N", code).encode()

    return made


@pytest.fixture
def write() -> Callable[[Path, str], Path]:
    """Return a function that writes a file of a folder, which is made where it is missing."""
    return _write


@pytest.fixture(scope="session")
def formats() -> Formats:
    """Return what is shipped."""
    return load_formats(shipped("mappings"))


@pytest.fixture
def hospitals(tmp_path: Path) -> Path:
    """Return a folder with the hospital "north" in it."""
    home = tmp_path / "hospitals"
    _write(home / "north" / "profile.toml", PROFILE)
    return home


@pytest.fixture
def loaded(hospitals: Path, formats: Formats, tmp_path: Path) -> Callable[[], Formats]:
    """Return a function that loads the folder beside the shipped formats, without the shipped hospitals."""
    mappings = tmp_path / "alone"
    mappings.mkdir()
    (mappings / "intake").symlink_to(shipped("mappings") / "intake")
    return lambda: with_hospitals(formats, mappings, hospitals)


@pytest.fixture
def loaded_beside(hospitals: Path, formats: Formats) -> Callable[[], Formats]:
    """Return a function that loads the folder beside all that is shipped."""
    return lambda: with_hospitals(formats, shipped("mappings"), hospitals)


@pytest.fixture
def told(loaded: Callable[[], Formats]) -> Callable[[], list[tuple[str, str]]]:
    """Return a function that gives what stops the start: places and texts."""

    def tell() -> list[tuple[str, str]]:
        with pytest.raises(SetupError) as refused:
            loaded()
        return [(one.where or "", one.text) for one in refused.value.problems]

    return tell


def _write(file: Path, text: str) -> Path:
    """Write a file of a folder, which is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
