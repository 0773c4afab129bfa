"""Entry: composition only. The web, the worker, the command line, and the wiring between contexts.

The one place that sees everything; nothing imports it.
"""
