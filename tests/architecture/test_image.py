"""The image is what it says: two stages, nobody's root, its own health check, and only sources that exist.

https://docs.docker.com/reference/dockerfile/
"""

import json
import re
import stat
from pathlib import Path

ROOT = Path(__file__).parents[2]
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def _instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


INSTRUCTIONS = _instructions()
STARTS = [place for place, (word, _) in enumerate(INSTRUCTIONS) if word == "FROM"]
BUILD, FINAL = INSTRUCTIONS[STARTS[0] : STARTS[1]], INSTRUCTIONS[STARTS[1] :]


def _arguments(stage: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for name, rest in stage if name == word]


def test_there_are_two_stages():
    assert len(STARTS) == 2


def test_the_node_does_not_run_as_root():
    (user,) = _arguments(FINAL, "USER")
    assert user not in {"root", "0"}
    assert f" {user}" in " ".join(_arguments(FINAL, "RUN"))


def test_the_final_stage_installs_nothing_and_takes_only_what_was_built():
    assert not re.search(r"\b(?:apt-get|pip|gcc|build-essential)\b", " ".join(_arguments(FINAL, "RUN")))
    assert all(rest.startswith("--from=build ") for rest in _arguments(FINAL, "COPY"))


def test_every_pip_call_is_hashed_or_without_index():
    calls = re.findall(r"pip install (.*?)(?= && |$)", " ".join(_arguments(BUILD, "RUN")))
    assert calls
    assert all("--require-hashes" in call or "--no-deps --no-index" in call for call in calls)


def test_every_copied_source_exists_and_reaches_the_build():
    allowed = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    for rest in _arguments(BUILD, "COPY"):
        for source in rest.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert any(source == one or source.startswith(f"{one}/") for one in allowed), source


def test_what_the_wheel_is_made_of_is_copied():
    copied = {source for rest in _arguments(BUILD, "COPY") for source in rest.split()[:-1]}
    assert {"adapter", "mappings", "profiles", "examples/samples", "pyproject.toml", "README.md", "LICENSE"} <= copied


def test_the_health_check_needs_nothing_but_python_and_asks_the_node():
    (check,) = _arguments(FINAL, "HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    assert "/healthz" in command[2]
    compile(command[2], "HEALTHCHECK", "exec")


def test_it_serves_with_the_mounted_settings():
    assert _arguments(FINAL, "ENTRYPOINT") == ['["second-opinion"]']
    (arguments,) = (json.loads(rest) for rest in _arguments(FINAL, "CMD"))
    assert arguments[:3] == ["serve", "--config", "/etc/second-opinion/node.toml"]
    (ready,) = (Path(arguments[index + 1]) for index, one in enumerate(arguments) if one == "--ready")
    assert str(ready) in _arguments(FINAL, "HEALTHCHECK")[0]


def test_the_data_has_a_volume():
    assert _arguments(FINAL, "VOLUME") == ["/var/lib/second-opinion"]


def test_the_scripts_of_ci_can_run():
    for script in (ROOT / ".ci").iterdir():
        assert script.stat().st_mode & stat.S_IXUSR, script.name
        assert script.read_text(encoding="utf-8").startswith("#!")
