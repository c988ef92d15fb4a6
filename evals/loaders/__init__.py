"""Readers of other people's data sets: each turns one official layout into a suite."""
