-- Imports: a file, what became of it, its rows as they came, and what is wrong with them.
CREATE TABLE imports (
    id           TEXT      NOT NULL PRIMARY KEY,
    kind         TEXT      NOT NULL CHECK (kind IN ('disbursements', 'donations', 'sales',
                     'measurements', 'contributions', 'beneficiaries', 'amendments',
                     'payment_results')),
    program      TEXT      NOT NULL,
    name         TEXT,
    sha256       TEXT      NOT NULL,
    bytes        BIGINT    NOT NULL CHECK (bytes >= 0),
    lines        BIGINT    NOT NULL CHECK (lines >= 0),
    settings     TEXT      NOT NULL,
    mode         TEXT      CHECK (mode IN ('all', 'good')),
    state        TEXT      NOT NULL CHECK (state IN ('received', 'checked', 'committing',
                     'committed', 'undoing', 'undone', 'cancelled', 'failed')),
    ending       TEXT      CHECK (ending IN ('undone', 'cancelled', 'failed')),
    failure      TEXT,
    wrapped_key  BLOB      NOT NULL,
    recorded_by  TEXT      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    changed_at   TIMESTAMP NOT NULL,
    version      INTEGER   NOT NULL CHECK (version > 0),
    CHECK ((state = 'undoing') = (ending IS NOT NULL))
);
-- The same file stands once for its kind and program, unless nothing of it stands any more.
CREATE UNIQUE INDEX imports_once ON imports (kind, program, sha256)
    WHERE state NOT IN ('undoing', 'undone', 'cancelled', 'failed');
CREATE INDEX imports_open ON imports (state)
    WHERE state IN ('received', 'committing', 'undoing');

-- Rows as they came, many to a parcel, sealed: they hold personal details. Written before the
-- import itself is, so that an import is there only with all its rows.
CREATE TABLE import_parcels (
    import  TEXT    NOT NULL,
    parcel  INTEGER NOT NULL CHECK (parcel >= 0),
    line    BIGINT  NOT NULL,
    sealed  BLOB    NOT NULL,
    PRIMARY KEY (import, parcel)
);

-- How far the work on an import has come, and who is at it.
CREATE TABLE import_works (
    import     TEXT      NOT NULL PRIMARY KEY,
    stage      TEXT      NOT NULL,
    owner      TEXT,
    claimed_to TIMESTAMP,
    started_at TIMESTAMP NOT NULL,
    done       BIGINT    NOT NULL,
    good       BIGINT    NOT NULL,
    faulty     BIGINT    NOT NULL,
    warned     BIGINT    NOT NULL,
    repeated   BIGINT    NOT NULL,
    recorded   BIGINT    NOT NULL,
    undone     BIGINT    NOT NULL,
    amount     BIGINT    NOT NULL,
    people     BIGINT    NOT NULL,
    parcel     INTEGER   NOT NULL,
    changed_at TIMESTAMP NOT NULL
);

-- What is wrong with a row, or likely to be.
CREATE TABLE import_faults (
    import  TEXT    NOT NULL,
    line    BIGINT  NOT NULL,
    part    INTEGER NOT NULL,
    weight  TEXT    NOT NULL CHECK (weight IN ('fault', 'warning', 'notice')),
    place   INTEGER,
    header  TEXT,
    field   TEXT    NOT NULL,
    code    TEXT    NOT NULL,
    facts   TEXT    NOT NULL,
    PRIMARY KEY (import, line, part)
);

-- Which row became which record.
CREATE TABLE import_records (
    import  TEXT   NOT NULL,
    line    BIGINT NOT NULL,
    record  TEXT   NOT NULL,
    PRIMARY KEY (import, line)
);

-- What the headers of a program's files mean.
CREATE TABLE import_mappings (
    kind        TEXT      NOT NULL,
    program     TEXT      NOT NULL,
    headers     TEXT      NOT NULL,
    recorded_by TEXT      NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    version     INTEGER   NOT NULL CHECK (version > 0),
    PRIMARY KEY (kind, program)
);
