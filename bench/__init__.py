"""What an order, a list and a page cost, beside the database's own limit. `python -m bench`.

Everything is compared inside one run on one machine and told as ratios; CPU per operation is the
stable figure, operations per second depend on the neighbours.
"""
