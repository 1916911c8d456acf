#!/usr/bin/env bash
# A request becomes FHIR R4: for a FHIR server, for the consulting hospital, and with a trace of every field.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"
mkdir -p out

step 'second-opinion map ../samples/request-nl.json > out/transaction.json'
step 'grep -E "^        \"resourceType\"" out/transaction.json | sort | uniq -c'

step 'second-opinion map ../samples/request-nl.json --as message --trace out/trace.json > out/message.json'
step 'second-opinion map ../samples/request-nl.json --as message --to xml > out/message.xml'
step 'second-opinion validate --json out/transaction.json out/message.json out/message.xml | grep -oE "\"(file|valid)\":[^,]*"'
step 'second-opinion convert out/message.xml --to json > out/converted.json'

step 'grep -A 2 "\"/afterwards\"" out/trace.json'
step 'grep -B 1 "\"target\": null" out/trace.json | grep source'
