#!/usr/bin/env bash
# Two nodes as two processes: request, acceptance, records, opinion, closed loop.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"
rm -rf out && mkdir out

# The settings as they are, but on free ports, so that this runs beside anything else.
ports=$(python3 -c 'import socket; free = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]; print(*(one.getsockname()[1] for one in free))')
read -r treating_port consulting_port treating_metrics consulting_metrics <<<"$ports"
for settings in treating.toml consulting.toml; do
    sed -e "s/8101/$treating_port/; s/8102/$consulting_port/" \
        -e "s/9101/$treating_metrics/; s/9102/$consulting_metrics/" "$settings" >"out/$settings"
done
treating=http://127.0.0.1:$treating_port
consulting=http://127.0.0.1:$consulting_port

# The samples are judged on their own day, so that this ends the same way every time: a development clock.
export SECOND_OPINION_SERVER__CLOCK=2026-04-28T15:30:00+02:00

stop() {
    kill "$treating_pid" "$consulting_pid"
    wait "$treating_pid" "$consulting_pid" || true
}
command "$program" serve --config out/treating.toml --ready out/treating.json 2>out/treating.log & treating_pid=$!
command "$program" serve --config out/consulting.toml --ready out/consulting.json 2>out/consulting.log & consulting_pid=$!
trap stop EXIT

# Waits until a command succeeds; what a node does by itself takes a moment.
until_ok() {
    for _ in $(seq 60); do
        if eval "$1" >/dev/null 2>&1; then return 0; fi
        sleep 0.5
    done
    echo "waited in vain: $1"
    return 1
}
# Waits until the case stands like this at a node.
until_case() { until_ok "second-opinion cases list --node $1 | grep -q '$2'"; }

until_ok 'test -e out/treating.json -a -e out/consulting.json'

step 'second-opinion send ../samples/request-nl.json --node $treating >/dev/null'
until_case "$consulting" 'received, awaiting-decision'
step 'second-opinion cases list --node $consulting'
step 'second-opinion cases accept CASE-NL-0001 --number B-17 --node $consulting'
until_case "$treating" 'in-progress'

step 'second-opinion send ../samples/report-nl.json --node $consulting >/dev/null'
until_case "$treating" 'completed'
step 'second-opinion cases discussed CASE-NL-0001 --node $treating'
until_case "$consulting" 'closed'

step 'second-opinion cases list --node $treating'
step 'second-opinion cases timeline CASE-NL-0001 --lang en --node $treating'
step 'second-opinion cases timeline CASE-NL-0001 --lang en --node $consulting'
