"""Rows sent as columns: one array per column, unfolded in the statement by `unnest`.

A column whose values are all the same is sent as that one value. What is sent costs more than what
is computed: the driver looks at every element, the server reads every one.
"""

from __future__ import annotations

from collections.abc import Sequence


class Columns:
    """The columns of one `unnest`, by name and type; a type that ends in "?" may be null.

    `Columns("o", 4, id="uuid", note="text", sent_at="timestamptz?")` takes $4 to $6. Write
    `{rows.source}` behind FROM and `{rows["note"]}` for a value; `nth` counts the rows from 1.
    """

    def __init__(self, alias: str, first: int, /, **types: str) -> None:
        self._alias = alias
        self._types = {name: (kind.rstrip("?"), kind.endswith("?")) for name, kind in types.items()}
        self._places = {name: first + index for index, name in enumerate(types)}

    @property
    def source(self) -> str:
        arrays = ", ".join(
            f"${self._places[name]}::{kind}[]" for name, (kind, _) in self._types.items()
        )
        names = ", ".join(self._types)
        return f"unnest({arrays}) with ordinality as {self._alias}({names}, nth)"

    def __getitem__(self, name: str) -> str:
        kind, nullable = self._types[name]
        value = f"{self._alias}.{name}"
        # Shorter arrays are filled up with nulls, which stand for the one value that was sent.
        return value if nullable else f"coalesce({value}, (${self._places[name]}::{kind}[])[1])"

    def arguments(self, **values: Sequence[object]) -> list[object]:
        """In the order of the columns."""
        if values.keys() != self._types.keys():
            raise ValueError(f"other columns than {', '.join(self._types)}")
        sent = [
            _without_nulls(values[name]) if nullable else _once(values[name])
            for name, (_, nullable) in self._types.items()
        ]
        rows = max(map(len, values.values()))
        if all(len(column) < rows for column in sent):
            # Rows that are all the same are as many all the same.
            plain = next(name for name, (_, nullable) in self._types.items() if not nullable)
            sent[list(self._types).index(plain)] = values[plain]
        return list(sent)


def _once(values: Sequence[object]) -> Sequence[object]:
    if len(values) > 1 and values[0] == values[-1] and values.count(values[0]) == len(values):
        return values[:1]
    return values


def _without_nulls(values: Sequence[object]) -> Sequence[object]:
    """Empty when there is nothing else."""
    return () if values.count(None) == len(values) else values
