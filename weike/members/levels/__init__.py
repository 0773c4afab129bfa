"""Levels: what members have bought decides what they pay. docs/algorithms/points_and_levels.md"""
