"""What is committed names no package host and no path of somebody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written with character classes so that this file does not name what it forbids.
HOSTS = re.compile(
    rb"pyp[i]\.org|pythonhoste[d]\.org|registry\.npm[j]s|repo1?\.mave[n]|deb\.debia[n]\.org|ghcr\.i[o]|docker\.i[o]"
)
PATHS = re.compile(rb"(?<![\w.:/$}-])/(?:wor[k]/(?:main|shared|steering|\.)|(?:tm[p]|hom[e]|User[s]|root)/[\w.])")


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"not a git work tree: {error}")
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def _hits(pattern: re.Pattern[bytes]) -> list[str]:
    found = []
    for file in _tracked():
        content = file.read_bytes()
        if b"\0" not in content[:4096]:
            found += [f"{file.relative_to(ROOT)}: {hit.group().decode()}" for hit in pattern.finditer(content)]
    return found


def test_no_tracked_file_names_a_package_host():
    assert _hits(HOSTS) == []


def test_no_tracked_file_names_a_path_of_a_machine():
    assert _hits(PATHS) == []


def test_the_patterns_find_what_they_should():
    assert HOSTS.search(b"https://py" + b"pi.org/simple")
    assert PATHS.search(b'open("/wo' + b'rk/main/x")')
    assert PATHS.search(b"cd /ho" + b"me/someone")
    assert not PATHS.search(b"https://a.example/ho" + b"me/page")


def test_no_tracked_file_is_large():
    large = [file for file in _tracked() if file.stat().st_size > 4 * 1024 * 1024]
    assert [str(file.relative_to(ROOT)) for file in large] == []


def test_what_is_made_is_not_tracked():
    made = {".venv", "out", "dist", "build", "var", ".peers", "__pycache__"}
    assert [str(file) for file in _tracked() if made & set(file.relative_to(ROOT).parts)] == []
