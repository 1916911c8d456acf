"""https://confluence.hl7.org/display/FHIR/NPM+Package+Specification: others install our package as they install any."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from adapter.fhir.profiles import validate_profile, with_packages
from adapter.fhir.systems import CANONICAL

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
SUSHI = PEERS / "sushi" / "node_modules" / "fsh-sushi" / "dist" / "app.js"
CORE = ROOT.parent / "shared" / "data" / "00-definitions" / "hl7.fhir.r4.core-4.0.1.tgz"
PROFILES = ROOT / "profiles"
NAME = "secondopinion.r4#0.1.0"
CONFIGURATION = """\
id: example.hospital
canonical: https://hospital.example/fhir
name: Hospital
status: draft
version: 0.0.1
fhirVersion: 4.0.1
FSHOnly: true
dependencies:
  secondopinion.r4: 0.1.0
"""
SHORTHAND = """\
Profile: HospitalTask
Parent: SecondOpinionTask
Id: HospitalTask
Description: "A second opinion's Task as this hospital wants it: somebody owns it."
* owner 1..1

Instance: example
InstanceOf: HospitalTask
* identifier[placer].system = "https://hospital.example/order"
* identifier[placer].value = "1"
* groupIdentifier.system = "https://hospital.example/case"
* groupIdentifier.value = "1"
* status = #requested
* focus = Reference(ServiceRequest/1)
* authoredOn = "2026-04-10"
* lastModified = "2026-04-10"
* owner = Reference(Organization/1)
* input[question].valueString = "Is the operation needed?"
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The package as `make profiles` packs it."""
    file = tmp_path_factory.mktemp("dist") / "second-opinion.tgz"
    subprocess.run([sys.executable, PROFILES / "build.py", "pack", "--out", file], check=True, capture_output=True)
    return file


def test_the_caches_of_java_tools_and_hapi_take_it(package, tmp_path):
    if not (PEERS / "java" / "lib" / "judge-1.jar").exists() or shutil.which("java") is None:
        pytest.skip("the Java validator is not built: make test-java")
    right, wrong = (
        PROFILES / "package" / "example" / "SecondOpinionTask.json",
        PROFILES / "invalid" / "SecondOpinionTask.json",
    )
    command = [
        "java",
        "-cp",
        f"{PEERS}/java/lib/*{os.pathsep}{package.parent}",
        Path(__file__).with_name("InstallPackage.java"),
    ]
    done = subprocess.run([*command, package, tmp_path, right, wrong], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line.split()[0] in ("name", "cache", "hapi")]
    index = json.loads((PROFILES / "package" / ".index.json").read_bytes())["files"]
    kinds = [one["resourceType"] for one in index]
    types = ("StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "MessageDefinition", "NamingSystem")
    counts = [f"cache {kind} {kinds.count(kind)}" for kind in types]
    assert said == [f"name true {NAME}", *counts, "hapi true", "hapi false"]
    assert (tmp_path / NAME / "package" / "package.json").is_file()


@pytest.fixture
def hospital(package, tmp_path) -> Path:
    """A guide of somebody else that SUSHI has built on our package."""
    if not SUSHI.is_file() or shutil.which("node") is None:
        pytest.skip("the compiler of FHIR Shorthand is not here: make profiles")
    if not CORE.is_file():
        pytest.skip("the R4 core package is not here (../shared/data)")
    for name, archive in ((NAME, package), ("hl7.fhir.r4.core#4.0.1", CORE)):
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as opened:
            opened.extractall(tmp_path / ".fhir" / "packages" / name, filter="data")
    guide = tmp_path / "guide"
    (guide / "input" / "fsh").mkdir(parents=True)
    (guide / "sushi-config.yaml").write_text(CONFIGURATION, encoding="utf-8")
    (guide / "input" / "fsh" / "task.fsh").write_text(SHORTHAND, encoding="utf-8")
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "FPL_REGISTRY": "http://127.0.0.1:9"}
    command = ["node", SUSHI, "build", "--snapshot", guide]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return guide / "fsh-generated" / "resources"


def test_sushi_compiles_a_profile_upon_ours_and_it_is_enforced_with_ours(hospital):
    profile = json.loads((hospital / "StructureDefinition-HospitalTask.json").read_bytes())
    task = json.loads((hospital / "Task-example.json").read_bytes())
    assert profile["baseDefinition"] == f"{CANONICAL}/StructureDefinition/SecondOpinionTask"
    assert task["intent"] == "order", "what our profile fixes is filled in"
    packages = with_packages([hospital])
    told = {"right": task, "not owned": {**task, "owner": None}, "a draft": {**task, "status": "draft"}}
    stated = {name: {key: value for key, value in one.items() if value is not None} for name, one in told.items()}
    errors = {
        name: [one.where for one in validate_profile(one, profile["url"], packages) if one.severity == "error"]
        for name, one in stated.items()
    }
    assert errors == {"right": [], "not owned": ["Task"], "a draft": ["Task.status"]}
