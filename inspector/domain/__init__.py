"""The values Inspector is about: standard library only, immutable, without pixels, files or windows."""
