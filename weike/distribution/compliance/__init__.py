"""Which plans can be set up, by which rule. docs/algorithms/compliance.md."""
