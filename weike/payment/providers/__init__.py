"""Ways to be paid, one folder each; what they have in common is `weike.payment.ports`."""
