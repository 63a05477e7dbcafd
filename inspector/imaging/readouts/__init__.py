"""Readouts: what the pixels of a panel say in numbers, the same way and on the same scale for every panel."""
