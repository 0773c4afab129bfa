"""What a basket costs, line by line, and how campaigns take part in it."""
