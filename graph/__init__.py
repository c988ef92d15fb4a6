"""Chunks become facts that can be walked."""
