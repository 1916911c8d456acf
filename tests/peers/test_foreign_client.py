"""https://hl7.org/fhir/R4/http.html: a FHIR client that nobody here wrote reads a node, as far as the node says it can."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.peers

SEKMET = Path(__file__).parents[2] / ".peers" / "sekmet" / "bin" / "sekmet"
SCENARIO = """\
name: what a node offers to a reader
continue_on_failure: true
steps:
  - name: metadata
    request: {method: GET, path: metadata}
    expect:
      status: 200
      fhirpath:
        - "CapabilityStatement.fhirVersion = '4.0.1'"
        - "CapabilityStatement.rest.where(mode = 'server').resource.where(type = 'Task').exists()"
  - name: read
    requires: {resource: Task, interaction: read}
    request: {method: GET, path: "Task/${task}"}
    expect: {status: 200, headers: {ETag: present, Last-Modified: present}, fhirpath: ["Task.id = '${task}'"]}
    save: read
  - name: vread
    requires: {resource: Task, interaction: vread}
    request: {method: GET, path: "Task/${task}/_history/${read.body.meta.versionId}"}
    expect: {status: 200, fhirpath: ["Task.id = '${task}'"]}
  - name: history
    requires: {resource: Task, interaction: history-instance}
    request: {method: GET, path: "Task/${task}/_history"}
    expect: {status: 200, fhirpath: ["Bundle.type = 'history'", "Bundle.entry.count() >= 1"]}
  - name: xml
    requires: {format: xml}
    request: {method: GET, path: "Task/${task}", headers: {Accept: application/fhir+xml}}
    expect: {status: 200, headers: {content-type: "~xml"}, fhirpath: ["Task.id = '${task}'"]}
  - name: focus of the task
    requires: {resource: ServiceRequest, interaction: read}
    request: {method: GET, path: "${read.body.focus.reference}"}
    expect: {status: 200, fhirpath: ["ServiceRequest.intent.exists()"]}
  - name: not here
    request: {method: GET, path: "Task/not-here"}
    expect: {status: 404, fhirpath: ["OperationOutcome.issue.severity.exists()"]}
  - name: no message
    request: {method: POST, path: "$process-message", body: {resourceType: Patient}}
    expect: {status: [400, 422], fhirpath: ["OperationOutcome.issue.severity.exists()"]}
"""


def test_a_foreign_client_reads_what_the_node_says_it_offers(sekmet, node, dutch, tmp_path):
    address = node(sekmet.base)
    command = [sys.executable, "-m", "adapter", "send", str(dutch.file), "--node", address, "--org", "dijkzicht"]
    task = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().rpartition("/")[2]
    (tmp_path / "reader.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "client.yaml").write_text(
        f"peers: {{ours: {{base_url: '{address}/orgs/dijkzicht/fhir'}}}}\ndata_dir: client-data\n", encoding="utf-8"
    )

    def client(*arguments: str) -> str:
        done = subprocess.run(
            [SEKMET, *arguments],
            cwd=tmp_path,
            env={**os.environ, "SEKMET_CONFIG": "client.yaml", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert '"metadata_status": 200' in client("peers", "test", "ours")
    told = client("scenario", "run", "reader.yaml", "--peer", "ours", "--no-serve", "--var", f"task={task}")
    assert len(re.findall(r"PASSED +\d+\.", told)) == SCENARIO.count("- name:"), told
