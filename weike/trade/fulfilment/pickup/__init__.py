"""Pick-up: where buyers fetch their goods, and the code that proves they may."""
