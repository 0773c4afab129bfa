"""One drawing per good, by category."""
