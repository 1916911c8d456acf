"""Coverage-guided fuzzing, `make fuzz`: installs atheris into `.peers/fuzz`, gives each target its share of the time.

FUZZ_SECONDS is the time in all (default 300). Findings stay in `.peers/fuzz/findings`; each becomes a test. Where
atheris cannot be installed (it has wheels for Linux and some versions of Python), that is said, and nothing is run.
Exit status: 0 nothing found, 1 findings, 3 not installed.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".peers" / "fuzz"
LIBRARY = HOME / "library"
PIN = "atheris==3.0.0"
TARGETS = ("json", "xml", "judge", "fhirpath", "intake")
LIMITS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=20000", "-print_final_stats=1")
DICTIONARY = Path(__file__).with_name("words.dict")
OFFICIAL = ROOT.parent / "shared" / "data" / "01-r4-official-examples"


def main() -> int:
    """Fuzz every target, or those that are named."""
    said = _install()
    if said is not None:
        _say(f"not fuzzed: {said}")
        return 3
    wanted = sys.argv[1:] or TARGETS
    seconds = max(1, int(os.environ.get("FUZZ_SECONDS", "300")) // len(wanted))
    found = [name for name in wanted if not _fuzz(name, seconds)]
    if found:
        _say(f"found something: {', '.join(found)}; the inputs are in {HOME.relative_to(ROOT) / 'findings'}")
        return 1
    _say(f"nothing found in {seconds} s each: {', '.join(wanted)}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _install() -> str | None:
    """Return why atheris is not here, None where it is."""
    if (LIBRARY / "atheris").is_dir():
        return None
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    try:
        subprocess.run(
            [*command, "--only-binary", ":all:", "--target", LIBRARY, PIN],
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        )
    except (subprocess.SubprocessError, OSError) as failed:
        lines = (getattr(failed, "stderr", None) or str(failed)).strip().splitlines()
        return f"{PIN} cannot be installed: {lines[-1] if lines else failed}"
    return None


def _fuzz(name: str, seconds: int) -> bool:
    """Return whether nothing was found."""
    corpus, findings = HOME / "corpus" / name, HOME / "findings" / name
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    _seed(name, corpus)
    _say(f"--- {name}, {seconds} s")
    done = subprocess.run(
        [
            *(sys.executable, Path(__file__).with_name("targets.py"), name),
            *(corpus, f"-max_total_time={seconds}", f"-artifact_prefix={findings}/", f"-dict={DICTIONARY}", *LIMITS),
        ],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(LIBRARY), str(ROOT)])},
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    told = done.stderr.splitlines()
    if done.returncode:
        _say("\n".join(told[-60:]))
        return False
    _say("\n".join(line for line in told if line.startswith("Done")))
    return True


def _seed(name: str, corpus: Path) -> None:
    """Give the fuzzer something to start from, once."""
    if any(corpus.iterdir()):
        return
    found: list[Path] = []
    if name == "intake":
        found = sorted((ROOT / "examples" / "samples").glob("*.json"))
    elif name == "fhirpath":
        (corpus / "seed").write_text("name.where(given.all($this = 'a')).exists() and birthDate > @1960-01-01")
    else:
        ending = "xml" if name == "xml" else "json"
        found = [one for one in sorted(OFFICIAL.rglob(f"*.{ending}")) if one.stat().st_size < 6000][:150]
        inside = '{"resourceType":"Patient","name":[{"given":["a"],"_given":[{"id":"b"}]}],"multipleBirthInteger":1}'
        outside = '<Patient xmlns="http://hl7.org/fhir"><name><family value="a"/></name></Patient>'
        (corpus / "seed").write_text(outside if name == "xml" else inside)
    for file in found:
        (corpus / file.name).write_bytes(file.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
