"""Money to people: promised in a transaction, sent after it under one number, asked about until
the provider's answer is known."""
