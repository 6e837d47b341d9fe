-- Indicators, and what was measured of them. Quantities are BIGINT millionths.

CREATE TABLE indicators (
    code         TEXT    NOT NULL PRIMARY KEY,
    name_ko      TEXT    NOT NULL,
    name_en      TEXT    NOT NULL,
    unit         TEXT    NOT NULL,
    value        TEXT    NOT NULL CHECK (value IN ('number', 'ratio')),
    decimals     INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 6),
    additive     BOOLEAN NOT NULL,
    accumulation TEXT    NOT NULL CHECK (accumulation IN ('cumulative', 'in_period')),
    better       TEXT    NOT NULL CHECK (better IN ('up', 'down')),
    program      TEXT    REFERENCES programs (code),
    area         TEXT,
    starts_on    DATE,
    ends_on      DATE,
    dimensions   TEXT    NOT NULL,
    baseline     TEXT,
    targets      TEXT    NOT NULL,
    definition   TEXT,
    basis        TEXT,
    version      INTEGER NOT NULL CHECK (version > 0),
    CHECK ((starts_on IS NULL) = (ends_on IS NULL))
);
CREATE INDEX indicators_by_program ON indicators (program, code);

-- The cell is empty for the whole, else dimension=value;dimension=value by code. A ratio has its
-- numerator in value. The days of approval and cancellation repeat what the steps say.
CREATE TABLE measurements (
    id           TEXT      NOT NULL PRIMARY KEY,
    book         BIGINT    NOT NULL REFERENCES books (book),
    indicator    TEXT      NOT NULL REFERENCES indicators (code),
    cell         TEXT      NOT NULL,
    starts_on    DATE      NOT NULL,
    ends_on      DATE      NOT NULL,
    value        BIGINT    NOT NULL,
    denominator  BIGINT    CHECK (denominator > 0),
    nature       TEXT      NOT NULL CHECK (nature IN ('measured', 'estimated', 'declared')),
    method       TEXT,
    reason       TEXT,
    basis        TEXT,
    external_id  TEXT,
    status       TEXT      NOT NULL CHECK (status IN
        ('submitted', 'rejected', 'withdrawn', 'approved', 'cancelled')),
    approved_on  DATE,
    cancelled_on DATE,
    recorded_by  TEXT      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    version      INTEGER   NOT NULL CHECK (version > 0),
    CHECK (starts_on <= ends_on),
    CHECK ((approved_on IS NOT NULL) = (status IN ('approved', 'cancelled'))),
    CHECK ((cancelled_on IS NOT NULL) = (status = 'cancelled'))
);
CREATE UNIQUE INDEX measurements_external ON measurements (indicator, external_id)
    WHERE external_id IS NOT NULL AND status IN ('submitted', 'approved');
CREATE UNIQUE INDEX measurements_once ON measurements (indicator, cell, ends_on)
    WHERE status IN ('submitted', 'approved');
CREATE INDEX measurements_by_indicator ON measurements (indicator, id);
