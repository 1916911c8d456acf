"""Work with an outside effect: one file a kind, each asks the gate again before anything leaves."""
