"""Talks to peers over HTTP and accepts only what the gate cleared; no rules, no storage."""
