"""Pixels: decoding, pyramids and measuring, as numpy arrays."""
