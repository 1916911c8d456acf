"""Benches: each measures one thing against a peer in one run; `python -m bench` runs all and writes the document."""
