"""What members may ask of their data: to see it, to take it with them, to have it deleted."""
