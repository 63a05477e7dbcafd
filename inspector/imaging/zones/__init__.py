"""Zones of a face from few clicks: recipes over pixels that end in vector shapes."""
