"""What a second opinion is: plain frozen values and pure rules of the case; no I/O, no FHIR resources, no frameworks."""
