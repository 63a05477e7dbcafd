"""Use cases and the only mutable state."""
