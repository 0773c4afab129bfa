"""The statement recorder: what the application says to its database must be fit for many machines.

A statement that touches a tenant table is accepted when every such table in it is tied to one and
the same constant (`t.tenant_id = $1`, or a chain of equalities that ends there) and every INSERT
gives that constant. Merges, notifications, session settings and advisory locks are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import asyncpg
from pglast import ast, parse_sql
from pglast.enums import A_Expr_Kind, BoolExprType, JoinType


class StatementRecorder:
    """Listens to every connection of one role that is opened while it watches."""

    def __init__(self, *, role: str) -> None:
        self.tenant_tables: frozenset[str] = frozenset()
        self._role = role
        self._sent: set[str] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        original = asyncpg.Connection.__init__
        recorder = self

        def listening(connection: Any, *args: Any, **kwargs: Any) -> None:
            original(connection, *args, **kwargs)
            if connection._params.user == recorder._role:
                connection.add_query_logger(recorder._note)

        cast(Any, asyncpg.Connection).__init__ = listening
        try:
            yield
        finally:
            cast(Any, asyncpg.Connection).__init__ = original

    def _note(self, record: Any) -> None:
        if not any(mark in record.query for mark in _OF_THE_DRIVER):
            self._sent.add(record.query)

    def take(self) -> frozenset[str]:
        """What was sent since the last time."""
        sent, self._sent = frozenset(self._sent), set()
        return sent

    def faults(self, sent: frozenset[str]) -> list[str]:
        return [
            f"{fault} in:\n{sql.strip()}"
            for sql in sorted(sent)
            if (fault := fault_of(sql, self.tenant_tables)) is not None
        ]


@cache
def fault_of(sql: str, tenant_tables: frozenset[str]) -> str | None:
    """The first thing wrong with the statement, None when it is fit."""
    try:
        for raw in parse_sql(sql):
            _Statement(tenant_tables).check(raw.stmt)
    except _Fault as fault:
        return str(fault)
    return None


class _Fault(Exception):
    pass


_OF_THE_DRIVER = ("typeinfo_tree", "set_config('jit'")
"""What asyncpg asks by itself about types it has not met."""

_REFUSED = {
    ast.MergeStmt: "MERGE is not for tables on many machines",
    ast.NotifyStmt: "NOTIFY is heard on one machine only",
    ast.ListenStmt: "LISTEN hears one machine only",
    ast.LockStmt: "LOCK TABLE stops every tenant",
    ast.TruncateStmt: "TRUNCATE empties every tenant",
}
_REFUSED_FUNCTIONS = {
    "set_config": "set_config does not travel to other machines; use SET LOCAL",
    "pg_notify": "notifications are heard on one machine only",
}
CONSTANT = "a constant"
Node = tuple[str, str] | str
"""A relation's alias with its level, or CONSTANT."""


class _Level:
    """One query level: its relations, and which tenants are equal to which."""

    def __init__(self, outer: _Level | None) -> None:
        self.outer = outer
        self.tenant_aliases: set[str] = set()
        self.safe_aliases: set[str] = set()
        self.other_aliases: set[str] = set()
        self.pairs: list[tuple[str, str]] = []

    def knows(self, alias: str) -> bool:
        return alias in self.tenant_aliases | self.safe_aliases | self.other_aliases

    def tied(self) -> set[str]:
        """The aliases from which a chain of equalities leads to the constant."""
        reached = {CONSTANT}
        while True:
            more = {
                b for a, b in self.pairs + [(b, a) for a, b in self.pairs] if a in reached
            } - reached
            if not more:
                return reached
            reached |= more


class _Statement:
    def __init__(self, tenant_tables: frozenset[str]) -> None:
        self._tenant_tables = tenant_tables
        self._constants: set[str] = set()
        self._common: set[str] = set()

    def check(self, statement: Any) -> None:
        for kind, why in _REFUSED.items():
            if _is(statement, kind):
                raise _Fault(why)
        if _is(statement, ast.VariableSetStmt) and not statement.is_local:
            raise _Fault("a session setting outlives the transaction; use SET LOCAL")
        self._query(statement, None)
        if len(self._constants) > 1:
            raise _Fault(f"more than one tenant: {', '.join(sorted(self._constants))}")

    # Walking the levels of a statement.

    def _query(self, query: Any, outer: _Level | None) -> None:
        if _is(query, ast.SelectStmt):
            self._select(query, outer)
        elif _is(query, ast.InsertStmt):
            self._insert(query, outer)
        elif _is(query, ast.UpdateStmt | ast.DeleteStmt):
            self._change(query, outer)

    def _with(self, query: Any, outer: _Level | None) -> None:
        if query.withClause is None:
            return
        for table in query.withClause.ctes:
            # A recursive term needs the constant itself: its own table becomes known only after.
            self._query(table.ctequery, outer)
            self._common.add(table.ctename)

    def _select(self, query: Any, outer: _Level | None) -> None:
        self._with(query, outer)
        if query.larg is not None:
            self._query(query.larg, outer)
            self._query(query.rarg, outer)
            return
        level = _Level(outer)
        for item in query.fromClause or ():
            self._relation(item, level)
        self._conditions(query.whereClause, level)
        self._settle(level)
        self._inside(query, level, skip=("withClause", "fromClause", "larg", "rarg"))

    def _change(self, query: Any, outer: _Level | None) -> None:
        self._with(query, outer)
        level = _Level(outer)
        self._relation(query.relation, level)
        others = query.fromClause if _is(query, ast.UpdateStmt) else query.usingClause
        for item in others or ():
            self._relation(item, level)
        self._conditions(query.whereClause, level)
        self._settle(level)
        if _is(query, ast.UpdateStmt) and self._is_tenant_table(query.relation):
            for target in query.targetList or ():
                if target.name == "tenant_id":
                    raise _Fault("tenant_id never changes")
        self._inside(query, level, skip=("withClause", "fromClause", "usingClause", "relation"))

    def _insert(self, query: Any, outer: _Level | None) -> None:
        self._with(query, outer)
        if not self._is_tenant_table(query.relation):
            self._query(query.selectStmt, outer)
            return
        name = f"{query.relation.schemaname}.{query.relation.relname}"
        columns = [column.name for column in query.cols or ()]
        if "tenant_id" not in columns:
            raise _Fault(f"INSERT into {name} does not give tenant_id")
        place = columns.index("tenant_id")
        source = query.selectStmt
        if source.valuesLists:
            for row in source.valuesLists:
                if not self._is_constant(row[place]):
                    raise _Fault(f"INSERT into {name} gives a tenant that is not a constant")
            level = _Level(outer)
            self._inside(source, level, skip=("withClause",))
        else:
            self._query(source, outer)
            self._inserted_tenant(source, place, name)
        if query.onConflictClause is not None:
            for target in query.onConflictClause.targetList or ():
                if target.name == "tenant_id":
                    raise _Fault("tenant_id never changes")

    def _inserted_tenant(self, source: Any, place: int, name: str) -> None:
        if source.larg is not None:
            self._inserted_tenant(source.larg, place, name)
            self._inserted_tenant(source.rarg, place, name)
            return
        value = source.targetList[place].val
        if self._is_constant(value):
            return
        level = _Level(None)
        for item in source.fromClause or ():
            self._relation(item, level, look_inside=False)
        if not _is(value, ast.ColumnRef) or self._alias_of(value, level) not in (
            level.tenant_aliases | level.safe_aliases
        ):
            raise _Fault(f"INSERT into {name} selects a tenant that is not the constant")

    def _inside(self, node: Any, level: _Level, *, skip: Sequence[str] = ()) -> None:
        """Sub-queries in expressions, and functions nobody should call."""
        _walk(node, lambda found: self._expression(found, level), skip=skip)

    def _expression(self, node: Any, level: _Level) -> bool:
        if _is(node, ast.SelectStmt):
            self._query(node, level)
            return False
        if _is(node, ast.FuncCall):
            name = node.funcname[-1].sval
            if name in _REFUSED_FUNCTIONS:
                raise _Fault(_REFUSED_FUNCTIONS[name])
            if name.startswith(("pg_advisory", "pg_try_advisory")):
                raise _Fault("advisory locks are local to one machine; lock a row")
        return True

    # Relations and equalities of one level.

    def _relation(self, item: Any, level: _Level, *, look_inside: bool = True) -> None:
        if _is(item, ast.JoinExpr):
            self._relation(item.larg, level, look_inside=look_inside)
            before = set(level.tenant_aliases | level.safe_aliases)
            self._relation(item.rarg, level, look_inside=look_inside)
            after = (level.tenant_aliases | level.safe_aliases) - before
            if any(column.sval == "tenant_id" for column in item.usingClause or ()):
                level.pairs += [(a, b) for a in before for b in after]
            if look_inside and item.jointype != JoinType.JOIN_FULL:
                self._conditions(item.quals, level)
                self._inside(item.quals, level)
            return
        if _is(item, ast.RangeSubselect):
            if look_inside:
                self._query(item.subquery, level)
            level.safe_aliases.add(item.alias.aliasname if item.alias else "")
            return
        if _is(item, ast.RangeVar):
            alias = item.alias.aliasname if item.alias else item.relname
            if self._is_tenant_table(item):
                level.tenant_aliases.add(alias)
            elif item.schemaname is None and item.relname in self._common:
                level.safe_aliases.add(alias)
            else:
                level.other_aliases.add(alias)
            return
        if _is(item, ast.RangeFunction) and item.alias is not None:
            level.other_aliases.add(item.alias.aliasname)
        if look_inside:
            self._inside(item, level)

    def _is_tenant_table(self, relation: Any) -> bool:
        return f"{relation.schemaname}.{relation.relname}" in self._tenant_tables

    def _conditions(self, condition: Any, level: _Level) -> None:
        if condition is None:
            return
        if _is(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
            for part in condition.args:
                self._conditions(part, level)
        elif _is(condition, ast.A_Expr) and condition.kind == A_Expr_Kind.AEXPR_OP:
            if condition.name[-1].sval == "=":
                self._equality(condition.lexpr, condition.rexpr, level)

    def _equality(self, left: Any, right: Any, level: _Level) -> None:
        if _is(left, ast.RowExpr) and _is(right, ast.RowExpr):
            for a, b in zip(left.args, right.args, strict=True):
                self._equality(a, b, level)
            return
        ends = []
        tenant = False
        for side in (left, right):
            if _is(side, ast.ColumnRef) and _column_of(side) == "tenant_id":
                tenant = True
                ends.append(self._alias_of(side, level))
            else:
                ends.append(None)
        if not tenant:
            return
        for index, side in enumerate((left, right)):
            if ends[index] is None and self._is_constant(side):
                ends[index] = CONSTANT
        if ends[0] is not None and ends[1] is not None:
            level.pairs.append((ends[0], ends[1]))

    def _alias_of(self, column: Any, level: _Level) -> str | None:
        names = [field.sval for field in column.fields if _is(field, ast.String)]
        if len(names) == 1:
            candidates = level.tenant_aliases or level.safe_aliases
            return next(iter(candidates)) if len(candidates) == 1 else None
        alias = names[-2]
        if level.knows(alias):
            # What a checked sub-query calls tenant_id is the constant already.
            return CONSTANT if alias in level.safe_aliases else alias
        outer = level.outer
        while outer is not None:
            if outer.knows(alias):
                # Every tenant table outside must be tied to the constant itself.
                return None if alias in outer.other_aliases else CONSTANT
            outer = outer.outer
        return None

    def _is_constant(self, value: Any) -> bool:
        if _is(value, ast.TypeCast):
            return self._is_constant(value.arg)
        if _is(value, ast.ParamRef):
            self._constants.add(f"${value.number}")
            return True
        if _is(value, ast.A_Const):
            self._constants.add(str(value.val.sval if value.val else None))
            return True
        return False

    def _settle(self, level: _Level) -> None:
        tied = level.tied()
        loose = level.tenant_aliases - tied
        if loose:
            raise _Fault(f"no constant tenant for {', '.join(sorted(loose))}")


def _column_of(column: Any) -> str | None:
    last = column.fields[-1]
    return last.sval if _is(last, ast.String) else None


def _is(node: Any, kind: Any) -> bool:
    """`isinstance` that leaves the node untyped: the parser's types say None everywhere."""
    return isinstance(node, kind)


def _walk(node: object, visit: Callable[[Any], bool], *, skip: Sequence[str] = ()) -> None:
    """Calls `visit` on every node below; it answers whether to go further down."""
    if isinstance(node, tuple):
        for part in node:
            if not isinstance(part, ast.Node) or visit(part):
                _walk(part, visit)
    elif isinstance(node, ast.Node):
        for name in node:
            if name in skip:
                continue
            part = getattr(node, name)
            if isinstance(part, ast.Node):
                if visit(part):
                    _walk(part, visit)
            elif isinstance(part, tuple):
                _walk(part, visit)
