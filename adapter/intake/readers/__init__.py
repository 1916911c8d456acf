"""The readers of foreign formats: bytes to a tree of named nodes, by syntax alone; what it means stands in tables."""
