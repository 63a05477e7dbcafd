"""Ways of looking at pixels: the lenses, the catalogue that describes them, and pictures seen through a chain."""
