"""What people touch: the terminal and the page."""
