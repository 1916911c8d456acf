"""From FHIR R4 resources that a partner sent to the canonical values."""
