"""The queue of proposals, and apart from it whom to answer, which goes when a proposal is closed."""

from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the queue and the only way into it for those who may not read it."""
    schema = op.get_bind().exec_driver_sql("select quote_ident(current_schema())").scalar_one()
    for statement in _STATEMENTS:
        op.execute(statement.replace("SCHEMA", str(schema)))


_STATEMENTS = (
    """create table proposals (
        number bigint generated always as identity primary key,
        sent timestamptz not null default now(),
        state text not null default 'new' check (state in ('new', 'asked', 'published', 'refused')),
        language text not null check (language in ('it', 'en')),
        cells jsonb not null check (octet_length(cells::text) <= 60000),
        note text not null default '',
        version bigint not null default 1,
        closed timestamptz,
        closed_by text not null default '',
        initiative text,
        check ((state in ('published', 'refused')) = (closed is not null))
    )""",
    "create index proposals_open on proposals (number) where closed is null",
    "create index proposals_sent on proposals (sent)",
    """create table proposal_contacts (
        number bigint primary key references proposals on delete cascade,
        contact text not null check (length(contact) <= 120)
    )""",
    """create function atlas_close() returns trigger language plpgsql
        security definer set search_path = SCHEMA, pg_temp as $$
    begin
        new.version := old.version + 1;
        if new.closed is not null then
            delete from proposal_contacts where number = new.number;
        end if;
        return new;
    end $$""",
    "create trigger close before update on proposals for each row execute function atlas_close()",
    # 0: too many came in the last hour, or too many wait.
    """create function atlas_propose(cells jsonb, language text, contact text) returns bigint language plpgsql
        security definer set search_path = SCHEMA, pg_temp as $$
    declare
        given bigint;
    begin
        perform pg_advisory_xact_lock(hashtext('atlas_propose'));
        if (select count(*) from proposals where sent > now() - interval '1 hour') >= 200
            or (select count(*) from proposals where closed is null) >= 20000 then
            return 0;
        end if;
        insert into proposals (cells, language) values (cells, language) returning number into given;
        if contact <> '' then
            insert into proposal_contacts values (given, contact);
        end if;
        return given;
    end $$""",
    "revoke all on function atlas_propose(jsonb, text, text) from public",
)
