#!/usr/bin/env bash
# A case goes to a plain FHIR R4 server as one transaction: FHIR_SERVER=http://127.0.0.1:8080/fhir ./run.sh
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"
if [ -z "${FHIR_SERVER:-}" ]; then
    echo 'No FHIR server is given, so nothing was run: FHIR_SERVER=http://127.0.0.1:8080/fhir ./run.sh'
    exit 0
fi

step 'second-opinion send ../samples/request-nl.json --fhir-server "$FHIR_SERVER"'
# the same ids again: nothing is added
step 'second-opinion send ../samples/request-nl.json --fhir-server "$FHIR_SERVER"'
