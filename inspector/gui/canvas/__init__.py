"""One widget that draws all panes, and its tools."""
