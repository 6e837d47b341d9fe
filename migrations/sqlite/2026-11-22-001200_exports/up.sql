-- Exports that were asked for, as whom, and whether they were called off.
CREATE TABLE exports (
    id           TEXT      NOT NULL PRIMARY KEY,
    address      TEXT      NOT NULL,
    format       TEXT      NOT NULL CHECK (format IN ('csv', 'ndjson', 'xlsx', 'parquet')),
    lang         TEXT      NOT NULL CHECK (lang IN ('ko', 'en')),
    bom          BOOLEAN   NOT NULL,
    part         TEXT,
    roles        TEXT      NOT NULL,
    requested_by TEXT      NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    cancelled_at TIMESTAMP
);

-- How far the work on an export has come, who is at it, and what came of it.
CREATE TABLE export_works (
    export     TEXT      NOT NULL PRIMARY KEY,
    state      TEXT      NOT NULL CHECK (state IN ('counting', 'writing', 'ready', 'failed',
                   'removed')),
    owner      TEXT,
    claimed_to TIMESTAMP,
    attempts   INTEGER   NOT NULL CHECK (attempts >= 0),
    rows_total BIGINT    CHECK (rows_total >= 0),
    rows_done  BIGINT    NOT NULL CHECK (rows_done >= 0),
    bytes      BIGINT    NOT NULL CHECK (bytes >= 0),
    manifest   TEXT,
    failure    TEXT,
    started_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK (state <> 'ready' OR (manifest IS NOT NULL AND expires_at IS NOT NULL))
);
CREATE INDEX export_works_states ON export_works (state);
