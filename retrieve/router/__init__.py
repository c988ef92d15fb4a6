"""How the router reads a question, how it is trained, and how new labels are made."""
