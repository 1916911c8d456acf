"""From the canonical values to FHIR R4 resources and Bundles."""
