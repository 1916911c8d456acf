"""The HL7 Java validator as a process that is asked about one file after another, and what we say of the same file.

https://hl7.org/fhir/R4/validation.html
"""

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapter.fhir.validate import is_valid, validate_bytes

ROOT = Path(__file__).parents[3]
BUILT = ROOT / ".peers" / "java"
PACKAGE = ROOT / "profiles" / "package"
OFFICIAL = ROOT.parent / "shared" / "data"
DIFFERENCES = yaml.safe_load(Path(__file__).with_name("differences.yaml").read_text(encoding="utf-8"))


class JavaValidator:
    """A running judge; `made_of` says which versions it is made of and how long it took to start."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.made_of = self._answer()

    def judge(self, file: Path) -> dict[str, Any]:
        """Return file, valid, ms and issues; "unjudged" with the reason instead where it gave no verdict."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{file}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            pytest.fail(f"the Java validator ended with {self._process.wait(10)}")
        return json.loads(line)


@dataclass(frozen=True)
class Comparison:
    """What both say of one file.

    Attributes:
        name: the file's path below its folder.
        ours: whether we call it valid.
        theirs: whether the Java validator does; None where it gave no verdict.
        our_reasons: our errors, each as place and text.
        their_reasons: its errors, each as id, place and text.
    """

    name: str
    ours: bool
    theirs: bool | None
    our_reasons: tuple[tuple[str, str], ...]
    their_reasons: tuple[tuple[str, str, str], ...]

    @property
    def agrees(self) -> bool:
        return self.theirs is None or self.ours == self.theirs

    @property
    def why(self) -> dict[str, str] | None:
        """Return kind and reason of a difference as told in differences.yaml; None: nobody has explained it.

        All errors of the Java validator must be explained: one that is not makes the whole difference unexplained.
        """
        for told in DIFFERENCES["files"]:
            if self.name.endswith(told["file"]):
                return told
        if self.ours:
            found = [_told_of(issue) for issue, *_ in self.their_reasons]
            if found and all(found):
                return next((one for one in found if one and one["kind"] == "missed"), found[0])
        return None

    def __str__(self) -> str:
        said = self.their_reasons if self.ours else self.our_reasons
        reasons = "; ".join(" | ".join(one)[:200] for one in said[:3])
        return f"{self.name}: {'the Java validator' if self.ours else 'we'} alone: {reasons}"


def _told_of(issue: str) -> dict[str, str] | None:
    return next((told for told in DIFFERENCES["issues"] if told["id"] == issue), None)


@contextmanager
def _running(*arguments: str | Path) -> Iterator[JavaValidator]:
    command = ["java", "-Xmx2g", "-cp", f"{BUILT}/lib/*", "judge.Judge", *map(str, arguments)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    try:
        yield JavaValidator(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _skip_unless_built() -> None:
    if not (BUILT / "lib" / "judge-1.jar").exists():
        missing = BUILT / "missing"
        pytest.skip(missing.read_text(encoding="utf-8").strip() if missing.exists() else "make test-java builds it")


@pytest.fixture(scope="session")
def java() -> Iterator[JavaValidator]:
    """The Java validator with R4 alone."""
    _skip_unless_built()
    with _running() as validator:
        yield validator


@pytest.fixture(scope="session")
def java_with_profiles() -> Iterator[JavaValidator]:
    """The Java validator with R4 and our profiles."""
    _skip_unless_built()
    if not any(PACKAGE.glob("StructureDefinition-*.json")):
        pytest.skip("profiles/package holds no profile yet")
    with _running("--package", PACKAGE) as validator:
        yield validator


@pytest.fixture(scope="session")
def compare(java) -> Callable[[Iterable[Path], Path], list[Comparison]]:
    """Return what both say of some files, named by their path below a folder."""

    def both(files: Iterable[Path], folder: Path) -> list[Comparison]:
        return [compared(java.judge(file), file, file.relative_to(folder).as_posix()) for file in files]

    return both


def compared(verdict: dict[str, Any], file: Path, name: str) -> Comparison:
    """Hold a verdict of the Java validator against ours."""
    problems = validate_bytes(file.read_bytes())
    bad = ("error", "fatal")
    return Comparison(
        name=name,
        ours=is_valid(problems),
        theirs=verdict.get("valid"),
        our_reasons=tuple((one.where or "", one.text) for one in problems if one.severity in bad),
        their_reasons=tuple(
            (one["id"] or "", one["location"] or "", one["message"])
            for one in verdict.get("issues", ())
            if one["severity"] in bad
        ),
    )


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of official files; not part of the project."""
    if not OFFICIAL.is_dir():
        pytest.skip("the official files are not here (../shared/data)")
    return OFFICIAL


@pytest.fixture(scope="session")
def told() -> dict[str, Any]:
    """The reasons of differences.yaml."""
    return DIFFERENCES
