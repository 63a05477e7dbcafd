"""Plots: curves on axes, drawn by pyqtgraph, which is loaded when the first one is made."""
