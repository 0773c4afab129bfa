"""After-sale: what a buyer may ask for after paying, and what becomes of it."""
