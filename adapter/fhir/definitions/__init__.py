"""The R4 definitions: what the official package says of every type, compiled to one file and read lazily.

`compile` (a build step) turns the package into `r4-4.0.1.json.gz`; `registry` reads that file.
https://hl7.org/fhir/R4/downloads.html
"""
