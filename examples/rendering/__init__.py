"""Turn the Markdown sources of the sample folder into the files that people really have."""
