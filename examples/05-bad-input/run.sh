#!/usr/bin/env bash
# What is wrong is refused, all of it at once, each problem with its place; nothing comes out half done.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"

# not JSON; another version of the format; what is wrong inside; files
refused 'echo "{\"format\": " | second-opinion map -'
refused 'sed "s/request\/1/request\/2/" ../samples/request-nl.json | second-opinion map -'
refused 'second-opinion map many-problems.json'
refused 'second-opinion map missing-file.json'
refused 'second-opinion map no-such-request.json'

# facts and FHIR
refused 'second-opinion check facts.json --facts'
refused 'echo "{\"resourceType\": \"Patient\", \"gender\": \"f\", \"birthday\": \"1980\"}" | second-opinion validate - | grep error'
refused 'echo "<Patient xmlns=\"http://hl7.org/fhir\"><gender>f</gender></Patient>" | second-opinion convert - --to json'

# the command itself
refused 'second-opinion map ../samples/request-nl.json --from hl7v2'
refused 'second-opinion send ../samples/request-nl.json --node http://127.0.0.1:1'
refused 'second-opinion serve --config node.toml'
