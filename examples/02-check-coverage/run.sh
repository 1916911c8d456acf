#!/usr/bin/env bash
# Does the insurer pay, why, and what would help: in three languages, from a request and from bare facts.
set -euo pipefail
. "$(dirname "$0")/../transcript.sh"
mkdir -p out

# a request, in three languages
step 'second-opinion check ../samples/request-nl.json'
step 'second-opinion check ../samples/request-nl.json --lang nl'
step 'second-opinion check ../samples/request-de.json --lang de'

# facts: all is known; a fact is missing; somebody must act; the answer is no; nobody knows the insurer
step 'second-opinion check facts.json --facts'
step 'grep -v referral facts.json | second-opinion check - --facts'
step 'sed "s/\"visits\": 1/\"visits\": 3/" facts.json | second-opinion check - --facts'
step 'sed "s/\"second_field\": \"neurology\"/\"second_field\": \"psychiatry\"/" facts.json | second-opinion check - --facts'
step 'sed "s/uzovi:3343/uzovi:9999/" facts.json | second-opinion check - --facts'

# the same for programs; and what a rule rests on
step 'second-opinion check facts.json --facts --json'
step 'second-opinion packs show nl.pnozorg.basic | grep -A 5 NL-SINGLE-VISIT'
