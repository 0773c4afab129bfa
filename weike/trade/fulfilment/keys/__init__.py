"""Card keys: sealed, each given once, never shown but to whoever bought it."""
