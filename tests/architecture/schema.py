"""The rules of data 1 to 9, asked of the database's own catalogue: what breaks them, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# A relation of ours: a table or partitioned table in a context's schema, not a partition of one.
_OURS = """
with ours as (
    select c.oid, n.nspname || '.' || c.relname as name, n.nspname as context, c.relowner,
        c.relrowsecurity, c.relforcerowsecurity, t.kind, t.append_only,
        (select a.attnum from pg_attribute a
         where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as tenant
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join kernel.tables t on t.name = n.nspname || '.' || c.relname
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any($1::text[])
)
"""

_RULES = {
    "1: not in the registry of table kinds": "select name as what from ours where kind is null",
    "1: in the registry, but there is no such table": (
        "select t.name as what from kernel.tables t where to_regclass(t.name) is null"
    ),
    "2: a tenant table without `tenant_id uuid not null`": """
        select o.name as what from ours o left join pg_attribute a
            on a.attrelid = o.oid and a.attnum = o.tenant
        where o.kind = 'tenant'
          and (o.tenant is null or not a.attnotnull or a.atttypid <> 'uuid'::regtype)
    """,
    "2: the primary key does not lead with tenant_id": """
        select o.name as what from ours o left join pg_index i
            on i.indrelid = o.oid and i.indisprimary
        where o.kind = 'tenant' and (i.indexrelid is null or i.indkey[0] <> o.tenant)
    """,
    "2: unique or exclusion without tenant_id": """
        select o.name || ' ' || i.indexrelid::regclass as what
        from ours o join pg_index i on i.indrelid = o.oid
        where o.kind = 'tenant' and (i.indisunique or i.indisexclusion)
          and o.tenant <> all (i.indkey::int2[])
    """,
    "2: a foreign key that does not pair tenant_id with tenant_id": """
        select o.name || ' ' || k.conname as what
        from ours o join pg_constraint k on k.conrelid = o.oid and k.contype = 'f'
        join ours f on f.oid = k.confrelid
        where o.kind = 'tenant' and f.kind = 'tenant' and not exists (
            select 1 from generate_subscripts(k.conkey, 1) s
            where k.conkey[s] = o.tenant and k.confkey[s] = f.tenant)
    """,
    "2: a foreign key between kinds that cannot live together": """
        select o.name || ' ' || k.conname as what
        from ours o join pg_constraint k on k.conrelid = o.oid and k.contype = 'f'
        join ours f on f.oid = k.confrelid
        where (o.kind = 'tenant' and f.kind = 'control')
           or (o.kind <> 'tenant' and f.kind = 'tenant')
    """,
    "2: a foreign key that points up": """
        select o.name || ' ' || k.conname as what
        from ours o join pg_constraint k on k.conrelid = o.oid and k.contype = 'f'
        join ours f on f.oid = k.confrelid
        where array_position($1::text[], f.context) > array_position($1::text[], o.context)
    """,
    "4: row-level security is not enabled and forced": """
        select name as what from ours
        where kind = 'tenant' and not (relrowsecurity and relforcerowsecurity)
    """,
    "4: no policy that binds the tenant for reading and writing": """
        select o.name as what from ours o where o.kind = 'tenant' and not exists (
            select 1 from pg_policy p where p.polrelid = o.oid and p.polcmd = '*'
              and p.polroles = '{0}'
              and pg_get_expr(p.polqual, o.oid) like '%app.tenant_id%'
              and pg_get_expr(p.polwithcheck, o.oid) like '%app.tenant_id%')
    """,
    "4: a policy that widens what the tenant's policy allows": """
        select o.name || ' ' || p.polname as what
        from ours o join pg_policy p on p.polrelid = o.oid
        where o.kind = 'tenant' and p.polpermissive
          and pg_get_expr(p.polqual, o.oid) is distinct from
              '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ' ||
              '''''::text))::uuid)'
    """,
    "4: the application's role owns something": """
        select c.oid::regclass::text as what from pg_class c
        where c.relowner = 'weike_app'::regrole
    """,
    "4: the application's role can bypass the policies": """
        select rolname as what from pg_roles
        where rolname = 'weike_app' and (rolsuper or rolbypassrls or rolcreaterole)
    """,
    "4: a view that sees with its owner's eyes": """
        select c.oid::regclass::text as what from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'v' and n.nspname = any($1::text[])
          and not coalesce(c.reloptions, '{}') @> array['security_invoker=true']
    """,
    "5: the reports' role can write": """
        select o.name as what from ours o
        where has_table_privilege('weike_report', o.oid, 'insert, update, delete')
    """,
    "6: a primary key that the database makes up": """
        select o.name as what from ours o
        join pg_index i on i.indrelid = o.oid and i.indisprimary
        join pg_attrdef d on d.adrelid = o.oid and d.adnum = any (i.indkey::int2[])
        where o.kind = 'tenant'
    """,
    "8: what is append-only can be changed": """
        select o.name as what from ours o where o.append_only
          and has_table_privilege('weike_app', o.oid, 'update, delete, truncate')
    """,
    "8: ledger entries without their statement trigger": """
        select 'ledger.entries' as what where to_regclass('ledger.entries') is not null
        and not exists (select 1 from pg_trigger t
            where t.tgrelid = to_regclass('ledger.entries') and not t.tgisinternal
              and t.tgtype & 1 = 0 and t.tgnewtable is not null)
    """,
    "9: a deferrable constraint": """
        select o.name || ' ' || k.conname as what
        from ours o join pg_constraint k on k.conrelid = o.oid where k.condeferrable
    """,
    "9: a deferrable trigger": """
        select o.name || ' ' || t.tgname as what
        from ours o join pg_trigger t on t.tgrelid = o.oid
        where t.tgdeferrable and not t.tgisinternal
    """,
    "9: a serial or identity column": """
        select o.name || '.' || a.attname as what from ours o join pg_attribute a
            on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
        where a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%'
    """,
    "9: a foreign key that sets null or a default": """
        select o.name || ' ' || k.conname as what
        from ours o join pg_constraint k on k.conrelid = o.oid and k.contype = 'f'
        where k.confdeltype in ('n', 'd') or k.confupdtype in ('n', 'd')
    """,
    "9: a materialised view": """
        select c.oid::regclass::text as what from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'm' and n.nspname = any($1::text[])
    """,
    "9: a trigger nobody reviewed": """
        select o.name || ' ' || t.tgname as what
        from ours o join pg_trigger t on t.tgrelid = o.oid
        where not t.tgisinternal and not (o.name || ' ' || t.tgname = any($2::text[]))
    """,
    "9: a function that notifies, merges or sets a session": r"""
        select p.oid::regprocedure::text as what from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = any($1::text[])
          and p.prosrc ~* '\m(notify|pg_notify|merge\s+into|set_config|pg_advisory\w*)\M'
    """,
}

REVIEWED_TRIGGERS = ("ledger.entries entries_balance",)
"""Each touches only what its statement wrote, of one tenant."""


async def faults_of_schema(connection: Any, contexts: Sequence[str]) -> list[str]:
    """One line per violation: the rule and what breaks it. Empty is good."""
    faults = []
    for rule, question in _RULES.items():
        sql = _OURS + question
        arguments: list[object] = [list(contexts)]
        if "$2" in sql:
            arguments.append(list(REVIEWED_TRIGGERS))
        for row in await connection.fetch(sql, *arguments):
            faults.append(f"{rule}: {row['what']}")
    return faults
