"""Ways to be paid, one folder each, and the three outcomes every one of them answers with."""
