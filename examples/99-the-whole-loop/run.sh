#!/usr/bin/env bash
# The demonstration: two nodes, four hospitals, one Dutch and one German case, from the request to the closed loop.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"

step 'second-opinion demo --out out'
