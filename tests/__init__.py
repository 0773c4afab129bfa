"""Tests mirror weike/; besides them stories/, races/, faults/, architecture/ and e2e/."""
