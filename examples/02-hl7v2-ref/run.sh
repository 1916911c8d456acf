#!/usr/bin/env bash
# A German referral by HL7 v2: acknowledged, accepted, answered, and the report comes back by HL7 v2.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"
rm -rf out && mkdir -p out/kis

# The settings as they are, but on free ports, so that this runs beside anything else.
ports=$(python3 -c 'import socket; free = [socket.create_server(("127.0.0.1", 0)) for _ in range(7)]; print(*(one.getsockname()[1] for one in free))')
read -r treating_port consulting_port treating_metrics consulting_metrics to_klinik_a from_klinik_a to_praxis_b <<<"$ports"
for settings in treating.toml consulting.toml; do
    sed -e "s/8101/$treating_port/; s/8102/$consulting_port/; s/9101/$treating_metrics/; s/9102/$consulting_metrics/" \
        -e "s/2575/$to_klinik_a/; s/2576/$from_klinik_a/; s/2577/$to_praxis_b/" "$settings" >"out/$settings"
done
treating=http://127.0.0.1:$treating_port
consulting=http://127.0.0.1:$consulting_port

# The sample is judged on its own day, so that this ends the same way every time: a development clock.
export SECOND_OPINION_SERVER__CLOCK=2026-03-20T17:05:00+01:00

stop() {
    kill "$kis_pid" "$treating_pid" "$consulting_pid"
    wait "$kis_pid" "$treating_pid" "$consulting_pid" || true
}
python3 mllp.py listen "$from_klinik_a" out/kis & kis_pid=$!
command "$program" serve --config out/treating.toml --ready out/treating.json 2>out/treating.log & treating_pid=$!
command "$program" serve --config out/consulting.toml --ready out/consulting.json 2>out/consulting.log & consulting_pid=$!
trap stop EXIT

# Waits until a command succeeds; what a node does by itself takes a moment.
until_ok() {
    for _ in $(seq 120); do
        if eval "$1" >/dev/null 2>&1; then return 0; fi
        sleep 0.5
    done
    echo "waited in vain: $1"
    return 1
}
until_ok 'test -e out/treating.json -a -e out/consulting.json'

step 'python3 mllp.py send $to_klinik_a referral.hl7'
until_ok 'test -e out/kis/1.hl7'
step 'python3 mllp.py show out/kis/1.hl7 MSA RF1 OBX NTE'
step 'second-opinion cases list --node $consulting'

step 'second-opinion cases accept REF-DE-0001 --number GUTACHTEN-7 --node $consulting'
until_ok 'test -e out/kis/3.hl7'
step 'python3 mllp.py show out/kis/2.hl7 MSA RF1 OBX NTE'
step 'python3 mllp.py show out/kis/3.hl7 RF1 OBX NTE'

step 'python3 mllp.py send $to_praxis_b report.hl7'
until_ok 'test -e out/kis/5.hl7'
step 'python3 mllp.py show out/kis/4.hl7 RF1 OBX NTE'
step 'python3 mllp.py show out/kis/5.hl7'
step 'second-opinion cases list --node $treating'
