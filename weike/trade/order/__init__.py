"""Orders from placing to settlement: one module per step, and the pages that show them."""
