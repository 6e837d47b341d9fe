-- Indicators, and what was measured of them. Quantities are BIGINT millionths.

CREATE TABLE indicators (
    code         WORD    NOT NULL PRIMARY KEY,
    name_ko      WORD    NOT NULL,
    name_en      WORD    NOT NULL,
    unit         WORD    NOT NULL,
    value        WORD    NOT NULL CHECK (value IN ('number', 'ratio')),
    decimals     INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 6),
    additive     BOOLEAN NOT NULL,
    accumulation WORD    NOT NULL CHECK (accumulation IN ('cumulative', 'in_period')),
    better       WORD    NOT NULL CHECK (better IN ('up', 'down')),
    program      WORD    REFERENCES programs (code),
    area         WORD,
    starts_on    DATE,
    ends_on      DATE,
    dimensions   WORD    NOT NULL,
    baseline     WORD,
    targets      WORD    NOT NULL,
    definition   WORD,
    basis        WORD,
    version      INTEGER NOT NULL CHECK (version > 0),
    CHECK ((starts_on IS NULL) = (ends_on IS NULL))
);
CREATE INDEX indicators_by_program ON indicators (program, code);

-- The cell is empty for the whole, else dimension=value;dimension=value by code. A ratio has its
-- numerator in value. The days of approval and cancellation repeat what the steps say.
CREATE TABLE measurements (
    id           WORD      NOT NULL PRIMARY KEY,
    book         BIGINT    NOT NULL REFERENCES books (book),
    indicator    WORD      NOT NULL REFERENCES indicators (code),
    cell         WORD      NOT NULL,
    starts_on    DATE      NOT NULL,
    ends_on      DATE      NOT NULL,
    value        BIGINT    NOT NULL,
    denominator  BIGINT    CHECK (denominator > 0),
    nature       WORD      NOT NULL CHECK (nature IN ('measured', 'estimated', 'declared')),
    method       WORD,
    reason       WORD,
    basis        WORD,
    external_id  WORD,
    status       WORD      NOT NULL CHECK (status IN
        ('submitted', 'rejected', 'withdrawn', 'approved', 'cancelled')),
    approved_on  DATE,
    cancelled_on DATE,
    recorded_by  WORD      NOT NULL,
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
