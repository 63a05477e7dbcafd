"""Cards: layout, text, painting and writing."""
