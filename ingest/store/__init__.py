"""Where chunks are kept and found: Qdrant, in process or as a server."""
