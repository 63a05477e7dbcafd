"""One reader per generator."""
