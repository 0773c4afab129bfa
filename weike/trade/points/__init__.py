"""What orders and reviews mean for points and growth. docs/algorithms/points_and_levels.md"""
