"""Stores for the graph: ``ladybug`` embedded, ``neo4j`` on a server, one set of statements for both."""
