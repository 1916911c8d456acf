"""Compiles the FHIR Shorthand in `fsh/` into `package/`, and packs that as a FHIR package; `make profiles`.

https://build.fhir.org/ig/HL7/fhir-shorthand/, https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
SUSHI runs in a throw-away home that holds the R4 core package alone, and without a registry: nothing but what is
named here can change what comes out.
"""

# ruff: noqa: INP001 -- a script beside its data, not a package

import argparse
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PACKAGE = HERE / "package"
SUSHI = ROOT / ".peers" / "sushi" / "node_modules" / "fsh-sushi" / "dist" / "app.js"
CORE = ROOT.parent / "shared" / "data" / "00-definitions" / "hl7.fhir.r4.core-4.0.1.tgz"
XHTML = "http://www.w3.org/1999/xhtml"

MANIFEST: dict[str, Any] = {
    "name": "secondopinion.r4",
    "version": "0.1.0",
    "canonical": "https://second-opinion.example/fhir",
    "title": "Second Opinion",
    "description": "Profiles, codes and messages for medical second opinions, from the request to the closed loop.",
    "type": "IG",
    "license": "Apache-2.0",
    "author": "The second-opinion adapter team",
    "fhirVersions": ["4.0.1"],
    "dependencies": {"hl7.fhir.r4.core": "4.0.1"},
}


def compiled(core: Path) -> dict[str, bytes]:
    """Return what SUSHI makes of the sources, with the package's manifest and index, by file name.

    Raises:
        SystemExit: SUSHI found errors; it has told them.
    """
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        cache = home / ".fhir" / "packages" / "hl7.fhir.r4.core#4.0.1"
        with tarfile.open(core) as archive:
            archive.extractall(cache, filter="data")
        shutil.copytree(HERE / "fsh", home / "fsh")
        environment = {
            "HOME": name,
            "PATH": os.environ["PATH"],
            "FPL_REGISTRY": "http://127.0.0.1:9",
            "NO_UPDATE_NOTIFIER": "1",
            "npm_config_offline": "true",
        }
        command = ["node", str(SUSHI), "build", "--snapshot", "--log-level", "warn", str(home / "fsh")]
        done = subprocess.run(  # noqa: S603 -- our own command
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            sys.exit(f"SUSHI found errors:\n{done.stdout}{done.stderr}")
        made = sorted((home / "fsh" / "fsh-generated" / "resources").glob("*.json"))
        files = {file.name: _written(_readable(json.loads(file.read_bytes()))) for file in made}
    files["package.json"] = _written(MANIFEST)
    files[".index.json"] = _written(_index(files))
    return files


def _readable(resource: dict[str, Any]) -> dict[str, Any]:
    """Return an artefact with its title and description as narrative, and without HL7's examples of other elements.

    SUSHI writes no narrative (dom-6); the examples come with the snapshot from R4, and one of them is wrong there.
    """
    for element in resource.get("snapshot", {}).get("element", ()):
        element.pop("example", None)
    title = str(resource.get("title") or resource.get("name") or resource["id"])
    told = [f"<p><b>{escape(title)}</b></p>", f"<p>{escape(str(resource.get('description', resource['id'])))}</p>"]
    text = {"status": "generated", "div": f'<div xmlns="{XHTML}">{"".join(told)}</div>'}
    head = {name: resource[name] for name in ("resourceType", "id", "meta", "language") if name in resource}
    return {**head, "text": text, **{name: value for name, value in resource.items() if name not in head}}


def _index(files: dict[str, bytes]) -> dict[str, Any]:
    """Return the index by which a reader finds a resource without opening all files."""
    listed = []
    for name, data in sorted(files.items()):
        resource = json.loads(data)
        if "resourceType" not in resource:
            continue
        entry = {"filename": name, "resourceType": resource["resourceType"], "id": resource["id"]}
        told = ("url", "version", "kind", "type")
        entry |= {key: resource[key] for key in told if isinstance(resource.get(key), str)}
        listed.append(entry)
    return {"index-version": 1, "files": listed}


def _written(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def committed() -> dict[str, bytes]:
    """Return the compiled files as they stand in `package/`, without the examples."""
    return {file.name: file.read_bytes() for file in PACKAGE.iterdir() if file.is_file()}


def packed(folder: Path) -> bytes:
    """Return the package as a .tgz; the same files give the same bytes."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for file in sorted(_files(folder)):
            entry = tarfile.TarInfo(f"package/{file.relative_to(folder).as_posix()}")
            entry.size, entry.mode = file.stat().st_size, 0o644
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return gzip.compress(raw.getvalue(), compresslevel=9, mtime=0)


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*.json") if file.is_file())


def _compile(core: Path) -> None:
    files = compiled(core)
    PACKAGE.mkdir(exist_ok=True)
    for name in committed():
        (PACKAGE / name).unlink()
    for name, data in files.items():
        (PACKAGE / name).write_bytes(data)
    sys.stdout.write(f"{len(files)} files, {sum(map(len, files.values())):,} bytes\n")


def _check(core: Path) -> None:
    files, before = compiled(core), committed()
    others = sorted(name for name in files.keys() | before.keys() if files.get(name) != before.get(name))
    if others:
        sys.exit("profiles/package is not what profiles/fsh gives; run `make profiles`: " + ", ".join(others))
    sys.stdout.write(f"profiles/package is what profiles/fsh gives ({len(files)} files)\n")


def _pack(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    data = packed(PACKAGE)
    target.write_bytes(data)
    sys.stdout.write(f"{target}: {len(data):,} bytes\n")


def main() -> None:
    """Do what the command line says: compile, check or pack."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("verb", choices=["compile", "check", "pack"])
    parser.add_argument("--core", type=Path, default=CORE, help="the R4 core package, hl7.fhir.r4.core-4.0.1.tgz")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "second-opinion.tgz", help="where pack writes")
    stated = parser.parse_args()
    if stated.verb == "pack":
        _pack(stated.out)
        return
    if not stated.core.is_file() or not SUSHI.is_file():
        missing = SUSHI.relative_to(ROOT) if stated.core.is_file() else "the R4 core package (--core)"
        sys.stdout.write(f"skipped, {missing} is not here\n")
        sys.exit(0 if stated.verb == "check" else 2)
    (_compile if stated.verb == "compile" else _check)(stated.core)


if __name__ == "__main__":
    main()
