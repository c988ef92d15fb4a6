"""The vocabulary every room speaks: records, ports, errors, settings and models."""
