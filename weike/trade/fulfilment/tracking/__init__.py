"""Following parcels: a tracking service is asked once and tells us, and is asked when silent."""
