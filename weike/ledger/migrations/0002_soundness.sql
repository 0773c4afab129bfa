-- The quarter-hourly proof reads only what is newer than the last one; the whole is proven every night.

alter table ledger.books add column proven_at timestamptz;

-- Entries lie on the disk in the order they were written, so a few bytes per megabyte find the newest.
create index entries_newest on ledger.entries using brin (written_at)
    with (pages_per_range = 16, autosummarize = on);
