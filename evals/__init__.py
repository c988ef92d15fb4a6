"""Measurement, through the same assistant that people use."""
