"""What a second opinion is: plain frozen values and pure rules of the case; no I/O, no resources, no frameworks."""
