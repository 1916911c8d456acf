"""Canonical request and report to FHIR R4 and back; no decisions, no I/O."""
