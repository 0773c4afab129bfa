"""Reviews: what buyers say of what they bought, in whose order, and what becomes of doubts."""
