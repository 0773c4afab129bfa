"""How goods reach the buyer."""
