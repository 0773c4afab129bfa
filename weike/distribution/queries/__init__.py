"""SQL of distribution, split by noun."""
