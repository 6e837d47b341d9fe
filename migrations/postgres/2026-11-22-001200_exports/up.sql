-- Exports that were asked for, as whom, and whether they were called off.
CREATE TABLE exports (
    id           WORD      NOT NULL PRIMARY KEY,
    address      WORD      NOT NULL,
    format       WORD      NOT NULL CHECK (format IN ('csv', 'ndjson', 'xlsx', 'parquet')),
    lang         WORD      NOT NULL CHECK (lang IN ('ko', 'en')),
    bom          BOOLEAN   NOT NULL,
    part         WORD,
    roles        WORD      NOT NULL,
    requested_by WORD      NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    cancelled_at TIMESTAMP
);

-- How far the work on an export has come, who is at it, and what came of it.
CREATE TABLE export_works (
    export     WORD      NOT NULL PRIMARY KEY,
    state      WORD      NOT NULL CHECK (state IN ('counting', 'writing', 'ready', 'failed',
                   'removed')),
    owner      WORD,
    claimed_to TIMESTAMP,
    attempts   INTEGER   NOT NULL CHECK (attempts >= 0),
    rows_total BIGINT    CHECK (rows_total >= 0),
    rows_done  BIGINT    NOT NULL CHECK (rows_done >= 0),
    bytes      BIGINT    NOT NULL CHECK (bytes >= 0),
    manifest   WORD,
    failure    WORD,
    started_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK (state <> 'ready' OR (manifest IS NOT NULL AND expires_at IS NOT NULL))
);
CREATE INDEX export_works_states ON export_works (state);
