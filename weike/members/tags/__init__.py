"""Tags: what a merchant calls groups of members, put by hand or found by a rule."""
