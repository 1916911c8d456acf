"""The wheel installs and runs in a clean environment, with only the hashed requirements and the source tree gone.

This is what the image runs. Run by `make wheel-test`, because it fetches packages; `make test` does not.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NODE = Path(__file__).with_name("node.toml")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Installed:
    """A clean environment with the wheel in it."""

    wheel: Path
    python: Path
    command: Path
    empty: Path

    def run(self, *arguments: str, program: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command from a folder that holds nothing, without the variables of this environment."""
        return subprocess.run(
            [program or self.command, *arguments],
            cwd=self.empty,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def _environment() -> dict[str, str]:
    dropped = ("PYTHON", "SECOND_OPINION_", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


def _export(folder: Path) -> None:
    """Copy what is tracked, and what would be, to `folder`."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Installed:
    home = tmp_path_factory.mktemp("wheel")
    tree, dist, environment, empty = (home / name for name in ("tree", "dist", "environment", "empty"))
    empty.mkdir()
    _export(tree)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist], cwd=tree, check=True)
    shutil.rmtree(tree)
    (wheel,) = dist.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [environment / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pinned = ROOT / "requirements" / "run.txt"
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", pinned], check=True, cwd=empty)
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True, cwd=empty)
    binaries = environment / "bin"
    return Installed(wheel=wheel, python=binaries / "python", command=binaries / "second-opinion", empty=empty)


@pytest.fixture(scope="module")
def shipped_request(installed) -> Path:
    """A request among the samples that the wheel ships."""
    code = "from adapter.base.data import shipped; print(shipped('samples'))"
    folder = Path(installed.run("-c", code, program=installed.python).stdout.strip())
    for file in sorted(folder.rglob("*.json")):
        if json.loads(file.read_bytes()).get("format") == "second-opinion-request/1":
            return file
    pytest.fail(f"the wheel ships no request under {folder.name}")


def test_the_package_comes_from_the_wheel_and_not_from_the_tree(installed):
    code = "import adapter, sys; print(adapter.__file__); print(*sys.path, sep='\\n')"
    result = installed.run("-c", code, program=installed.python)
    package, *path = result.stdout.splitlines()
    assert Path(package).is_relative_to(installed.python.parents[1])
    assert str(ROOT) not in path


def test_the_wheel_carries_its_data_and_its_licence_and_no_tests(installed):
    names = zipfile.ZipFile(installed.wheel).namelist()
    for folder in ("mappings", "profiles", "samples"):
        assert any(name.startswith(f"adapter/_data/{folder}/") for name in names), folder
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"adapter"}


def test_the_dependencies_are_complete(installed):
    result = installed.run("-m", "pip", "check", program=installed.python)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("way", ["command", "module"])
def test_help_names_the_verbs(installed, way):
    result = (
        installed.run("--help")
        if way == "command"
        else installed.run("-m", "adapter", "--help", program=installed.python)
    )
    assert result.returncode == 0, result.stderr
    assert {"demo", "check", "serve"} <= set(result.stdout.split())


def test_a_shipped_request_is_decided_by_the_shipped_packs(installed, shipped_request):
    result = installed.run("check", str(shipped_request), "--json")
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["decision"] in {"ok", "partial", "undetermined", "action", "denied"}
    assert answer["pack"]


def test_a_shipped_request_is_expressed_as_a_bundle(installed, shipped_request):
    result = installed.run("map", str(shipped_request), "--as", "message")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["type"] == "message"


@pytest.fixture
def node(installed, tmp_path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A node that was started from the wheel, and the file in which it says where it listens."""
    settings, ready, log = tmp_path / "node.toml", tmp_path / "ready", tmp_path / "log"
    shutil.copy(NODE, settings)
    arguments = [installed.command, "serve", "--config", settings, "--ready", ready]
    with log.open("wb") as errors:
        process = subprocess.Popen(arguments, cwd=installed.empty, env=_environment(), stdout=errors, stderr=errors)
    try:
        yield process, ready
    finally:
        process.kill()
        process.wait(10)


def _wait_until_ready(process: subprocess.Popen[bytes], ready: Path) -> str:
    """Return the address at which the node listens; fails when it ends before it says so, or does not say so in 60 s."""
    for _ in range(600):
        if ready.exists():
            return json.loads(ready.read_text(encoding="utf-8"))["url"]
        try:
            status = process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the node ended with {status}: {ready.with_name('log').read_text(encoding='utf-8')[-2000:]}")
    pytest.fail("the node was not ready in 60 s")


def test_a_node_starts_answers_and_stops(node):
    process, ready = node
    address = _wait_until_ready(process, ready)
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        assert answer.status == 200
    process.terminate()
    assert process.wait(timeout=20) in {0, -signal.SIGTERM, 128 + signal.SIGTERM}


def test_a_node_with_an_unknown_setting_does_not_start_and_names_the_key(installed, tmp_path):
    settings = tmp_path / "node.toml"
    settings.write_text(NODE.read_text(encoding="utf-8").replace("port = 0", "prot = 0"), encoding="utf-8")
    result = installed.run("serve", "--config", str(settings), "--ready", str(tmp_path / "ready"))
    assert result.returncode == 78, result.stderr
    assert "server.prot" in result.stderr
