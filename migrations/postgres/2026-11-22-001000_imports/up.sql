-- Imports: a file, what became of it, its rows as they came, and what is wrong with them.
CREATE TABLE imports (
    id           WORD      NOT NULL PRIMARY KEY,
    kind         WORD      NOT NULL CHECK (kind IN ('disbursements', 'donations', 'sales',
                     'measurements', 'contributions', 'beneficiaries', 'amendments',
                     'payment_results')),
    program      WORD      NOT NULL,
    name         WORD,
    sha256       WORD      NOT NULL,
    bytes        BIGINT    NOT NULL CHECK (bytes >= 0),
    lines        BIGINT    NOT NULL CHECK (lines >= 0),
    settings     WORD      NOT NULL,
    mode         WORD      CHECK (mode IN ('all', 'good')),
    state        WORD      NOT NULL CHECK (state IN ('received', 'checked', 'committing',
                     'committed', 'undoing', 'undone', 'cancelled', 'failed')),
    ending       WORD      CHECK (ending IN ('undone', 'cancelled', 'failed')),
    failure      WORD,
    wrapped_key  BYTEA      NOT NULL,
    recorded_by  WORD      NOT NULL,
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
    import  WORD    NOT NULL,
    parcel  INTEGER NOT NULL CHECK (parcel >= 0),
    line    BIGINT  NOT NULL,
    sealed  BYTEA    NOT NULL,
    PRIMARY KEY (import, parcel)
);

-- How far the work on an import has come, and who is at it.
CREATE TABLE import_works (
    import     WORD      NOT NULL PRIMARY KEY,
    stage      WORD      NOT NULL,
    owner      WORD,
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
    import  WORD    NOT NULL,
    line    BIGINT  NOT NULL,
    part    INTEGER NOT NULL,
    weight  WORD    NOT NULL CHECK (weight IN ('fault', 'warning', 'notice')),
    place   INTEGER,
    header  WORD,
    field   WORD    NOT NULL,
    code    WORD    NOT NULL,
    facts   WORD    NOT NULL,
    PRIMARY KEY (import, line, part)
);

-- Which row became which record.
CREATE TABLE import_records (
    import  WORD   NOT NULL,
    line    BIGINT NOT NULL,
    record  WORD   NOT NULL,
    PRIMARY KEY (import, line)
);

-- What the headers of a program's files mean.
CREATE TABLE import_mappings (
    kind        WORD      NOT NULL,
    program     WORD      NOT NULL,
    headers     WORD      NOT NULL,
    recorded_by WORD      NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    version     INTEGER   NOT NULL CHECK (version > 0),
    PRIMARY KEY (kind, program)
);
