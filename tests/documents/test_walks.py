"""What the quick start and the how-tos tell to type works, in their order; ```bash is run, other blocks are shown only.

A block ```toml that begins with `# NAME.toml` is the file of that name. Ports are replaced by free ones.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PORTS = ("8101", "8102", "8103", "9101", "9102", "2575")

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")


def _free_ports(count: int) -> list[str]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def _walk(home: Path, pages: Sequence[str]) -> str:
    """Type what the pages tell, as one session in `home`, and return all that was said."""
    ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))

    def moved(text: str) -> str:
        return re.sub("|".join(PORTS), lambda port: ports[port[0]], text)

    shutil.copytree(ROOT / "examples", home / "examples", ignore=shutil.ignore_patterns("out"))
    for file in (home / "examples" / "04-two-nodes").glob("*.toml"):
        file.write_text(moved(file.read_text(encoding="utf-8")), encoding="utf-8")
    typed = ["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || :; wait' EXIT"]
    for page in pages:
        for kind, block in re.findall(
            r"^```(bash|toml)\n(.*?)^```", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL
        ):
            named = re.match(r"# (\S+\.toml)", block)
            if kind == "bash":
                typed.append(moved(block))
            elif named:
                (home / named[1]).write_text(moved(block), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    (home / "typed.sh").write_text("\n".join(typed), encoding="utf-8")
    session = subprocess.run(
        ["bash", "typed.sh"], cwd=home, env={**kept, "PATH": path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    logs = "".join(f"\n== {log.name}\n{log.read_text()[-1500:]}" for log in home.rglob("*.log"))
    assert session.returncode == 0, session.stdout + logs
    return session.stdout


def test_the_quick_start_ends_with_a_closed_loop(tmp_path):
    said = _walk(tmp_path, ["quickstart.md"])
    assert "-: valid" in said
    assert "MY-REQUEST-1: completed, discussed-with-patient" in said
    assert said.rstrip().endswith("The closing was told to catharina-kliniek") or "the loop is closed" in said


def test_the_how_tos_work_one_after_the_other(tmp_path):
    pages = ["run-a-node", "connect-an-ehr", "answer-as-consulting-hospital", "operate"]
    said = _walk(tmp_path, [f"howto/{page}.md" for page in pages])
    assert "HTTP/1.1 202 Accepted" in said
    assert "EHR-2026-0815" in said
    assert "The report went back to the treating side" in said
    assert '"now":"2026-05-01T06:00:00' in said


def test_what_is_told_of_validating_works_and_says_so(tmp_path):
    said = _walk(tmp_path, ["howto/validate.md"])
    assert "3 files: 3 valid, 0 not valid" in said
    assert '"resourceType":"OperationOutcome"' in said
    shown = re.findall(r"^```text\n(.*?)^```", (DOCS / "howto/validate.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(shown) == 2
    for block in shown:
        assert block in said


def test_a_hospital_is_added_as_it_is_told(tmp_path):
    said = _walk(tmp_path, ["howto/add-a-hospital.md"])
    page = (DOCS / "howto/add-a-hospital.md").read_text()
    refused, advice = re.findall(r"^```text\n(.*?)\n^```", page, re.MULTILINE | re.DOTALL)
    assert refused in said
    assert advice not in (tmp_path / "hospitals" / "north" / "expected" / "order.json").read_text()
    assert said.count("1 hospitals, 1 samples, 0 problems") == 2
    assert "before: study" in said
    assert "De verwijsbrief is er." in said


def test_hl7_v2_is_sent_and_acknowledged_as_it_is_told(tmp_path):
    said = _walk(tmp_path, ["howto/hl7v2-mllp.md"])
    page = (DOCS / "howto/hl7v2-mllp.md").read_text()
    shown = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line for block in shown for line in block.splitlines()]
    assert len(lines) == 3
    for line in lines:
        assert line in said
    assert "REF-0001" in said
    assert "Traceback" not in said
