"""FHIR R4 itself: definitions, codec, validation, outcomes, systems; knows nothing of second opinions."""
