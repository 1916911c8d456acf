#!/usr/bin/env bash
# What the patient did not agree to does not leave: one of two records, and, where consent is refused, nothing at all.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"
mkdir -p out

# consent names BEFUND: it goes, PSYCH stays, and the message does not say that there is more
step 'second-opinion map request.json --as message > out/message.json'
step 'grep -E "\"title\": " out/message.json'
refused 'grep PSYCH out/message.json'

# the same request after the consent has ended
refused 'second-opinion map request.json --as message --at 2027-01-01T00:00:00+01:00'

# the patient says no; the patient was not asked
refused 'second-opinion map refused.json --as message'
refused 'grep -v consent refused.json | second-opinion map - --as message'
