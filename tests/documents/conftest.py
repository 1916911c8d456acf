"""Parts of a document that are made from the code: compared, or written anew with GOLDEN=rewrite."""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def made() -> Callable[[str, str, Sequence[str]], None]:
    """Return a function that holds the part `<!-- made: NAME -->` of a document against the lines it should have."""

    def hold(document: str, name: str, lines: Sequence[str]) -> None:
        file = ROOT / document
        text = file.read_text(encoding="utf-8")
        part = re.compile(rf"(<!-- made: {re.escape(name)} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
        found = part.search(text)
        assert found, f"{document} has no part <!-- made: {name} --> ... <!-- end -->"
        wanted = "".join(f"{line}\n" for line in lines)
        if os.environ.get("GOLDEN") == "rewrite":
            file.write_text(part.sub(lambda match: match[1] + wanted + match[3], text), encoding="utf-8")
        else:
            assert found[2] == wanted

    return hold


@pytest.fixture
def parts() -> Callable[[str], list[str]]:
    """Return a function that gives the names of the made parts of a document."""
    return lambda document: re.findall(r"<!-- made: (.+?) -->", (ROOT / document).read_text(encoding="utf-8"))
