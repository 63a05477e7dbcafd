"""Inspector: compare the outputs of image generators side by side, mark flaws, export labelled cards."""

__version__ = "0.1.0"
