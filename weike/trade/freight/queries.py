"""SQL of freight templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.trade.freight.rules import FreightRules, Template


async def kept_templates(tx: Tx) -> list[Record]:
    """The default one first, then by name."""
    return await tx.fetch(
        """
        select t.id, t.name, t.rules, t.is_default, t.updated_at
        from trade.freight_templates t where t.tenant_id = $1
        order by t.is_default desc, t.name, t.id
        """,
        tx.tenant_id,
    )


async def templates(tx: Tx) -> list[Template]:
    return [
        Template(
            id=row["id"],
            rules=msgspec.convert(row["rules"], FreightRules),
            is_default=row["is_default"],
        )
        for row in await kept_templates(tx)
    ]


async def lock_templates(tx: Tx) -> Sequence[UUID]:
    """Those that are there, ours until the commit."""
    rows = await tx.fetch(
        """
        select t.id from trade.freight_templates t where t.tenant_id = $1
        order by t.id for update
        """,
        tx.tenant_id,
    )
    return [row["id"] for row in rows]


async def clear_default(tx: Tx, *, except_id: UUID) -> None:
    await tx.execute(
        """
        update trade.freight_templates t set is_default = false
        where t.tenant_id = $1 and t.is_default and t.id <> $2
        """,
        tx.tenant_id,
        except_id,
    )


async def put_template(
    tx: Tx, template_id: UUID, *, name: str, rules: FreightRules, is_default: bool, now: datetime
) -> None:
    await tx.execute(
        """
        insert into trade.freight_templates as t
            (tenant_id, id, name, rules, is_default, updated_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, id) do update set
            name = excluded.name, rules = excluded.rules,
            is_default = t.is_default or excluded.is_default, updated_at = excluded.updated_at
        """,
        tx.tenant_id,
        template_id,
        name,
        msgspec.to_builtins(rules),
        is_default,
        now,
    )


async def delete_template(tx: Tx, template_id: UUID) -> bool:
    """The default one stays."""
    return bool(
        await tx.execute(
            """
            delete from trade.freight_templates t
            where t.tenant_id = $1 and t.id = $2 and not t.is_default
            """,
            tx.tenant_id,
            template_id,
        )
    )
