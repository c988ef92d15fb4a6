"""The models Clew can speak to: embedders and LLMs."""
