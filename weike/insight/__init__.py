"""Insight: read models and dashboards. It listens to all and is imported by none but entry."""
