"""Catalogues as files: reading CSV and XLSX into products, and writing products back.

A row is a SKU. Rows are one product when their SKU codes belong to one already, or when they give
the same product number. An import is idempotent by SKU code: the same file again changes nothing.
"""
