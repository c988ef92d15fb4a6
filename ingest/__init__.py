"""Files become chunks that can be found."""
