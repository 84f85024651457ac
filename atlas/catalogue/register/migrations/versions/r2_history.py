"""A version for each initiative, and a history that the database itself writes and nobody can change."""

from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add version and history; what is there is written down as its beginning."""
    schema = op.get_bind().exec_driver_sql("select quote_ident(current_schema())").scalar_one()
    for statement in _STATEMENTS:
        op.execute(statement.replace("SCHEMA", str(schema)))


_STATEMENTS = (
    "alter table initiatives add column version bigint not null default 1",
    """create table initiative_history (
        seq bigint generated always as identity primary key,
        at timestamptz not null default clock_timestamp(),
        who text not null,
        db_user text not null,
        why text not null,
        action text not null check (action in ('start', 'add', 'change', 'withdraw')),
        initiative text not null,
        before jsonb,
        after jsonb
    )""",
    "create index initiative_history_of on initiative_history (initiative, seq)",
    """create function atlas_count_version() returns trigger language plpgsql as $$
    begin
        new.version := old.version + 1;
        return new;
    end $$""",
    """create trigger count_version before update on initiatives
        for each row execute function atlas_count_version()""",
    # It runs with the rights of its owner: those who change initiatives need none on the history.
    """create function atlas_remember() returns trigger language plpgsql
        security definer set search_path = SCHEMA, pg_temp as $$
    declare
        old_cells jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) - 'version' end;
        new_cells jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) - 'version' end;
    begin
        if old_cells is distinct from new_cells then
            insert into initiative_history (who, db_user, why, action, initiative, before, after) values (
                coalesce(nullif(current_setting('atlas.who', true), ''), session_user), session_user,
                coalesce(current_setting('atlas.why', true), ''),
                case tg_op when 'INSERT' then 'add' when 'UPDATE' then 'change' else 'withdraw' end,
                coalesce(new_cells, old_cells) ->> 'id', old_cells, new_cells);
        end if;
        return null;
    end $$""",
    """create trigger remember after insert or update or delete on initiatives
        for each row execute function atlas_remember()""",
    """create function atlas_refuse() returns trigger language plpgsql as $$
    begin
        raise exception 'the history cannot be changed';
    end $$""",
    """create trigger append_only before update or delete or truncate on initiative_history
        for each statement execute function atlas_refuse()""",
    """create trigger no_truncate before truncate on initiatives
        for each statement execute function atlas_refuse()""",
    """insert into initiative_history (who, db_user, why, action, initiative, after)
        select session_user, session_user, '', 'start', id, to_jsonb(initiatives) - 'version' from initiatives
        order by source_order nulls last, id""",
    # What everybody may know of the history: neither who nor why, nor the texts that were taken back.
    """create view initiative_changes as
        select seq, at, action, initiative,
            coalesce(after, before) ->> 'title_it' as title_it, coalesce(after, before) ->> 'title_en' as title_en
        from initiative_history where action <> 'start'""",
)
