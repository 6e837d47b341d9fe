-- What partners state of sales, beside the lines; and what intermediaries say became of donations.
-- Both are recorded facts: a wrong one is cancelled on a day, and stays.

CREATE TABLE sale_statements (
    id            TEXT      NOT NULL PRIMARY KEY,
    book          BIGINT    NOT NULL REFERENCES books (book),
    program       TEXT      NOT NULL REFERENCES programs (code),
    basis         TEXT      NOT NULL CHECK (basis IN ('cumulative', 'in_period')),
    period_start  DATE      NOT NULL,
    period_end    DATE      NOT NULL,
    grams         BIGINT    CHECK (grams > 0),
    amount        BIGINT    CHECK (amount > 0),
    orders        BIGINT    CHECK (orders > 0),
    buyers        BIGINT    CHECK (buyers > 0),
    buyers_basis  TEXT      CHECK (buyers_basis IN ('unique_to_date', 'unique_in_period', 'orders')),
    reason        TEXT,
    source        TEXT,
    external_id   TEXT,
    cancel_reason TEXT,
    cancelled_on  DATE,
    cancelled_by  TEXT,
    recorded_by   TEXT      NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    version       INTEGER   NOT NULL CHECK (version > 0),
    CHECK (period_start <= period_end),
    CHECK ((buyers IS NULL) = (buyers_basis IS NULL)),
    CHECK (grams IS NOT NULL OR amount IS NOT NULL OR orders IS NOT NULL OR buyers IS NOT NULL)
);
CREATE UNIQUE INDEX sale_statements_external ON sale_statements (program, external_id)
    WHERE external_id IS NOT NULL AND cancelled_on IS NULL;
-- Two live ones of one basis never end on one day: the least of what the rules ask for.
CREATE UNIQUE INDEX sale_statements_live ON sale_statements (program, basis, period_end)
    WHERE cancelled_on IS NULL;
CREATE INDEX sale_statements_by_program ON sale_statements (program, id);

-- What an intermediary says it passed on and gave back of one donation.
CREATE TABLE donation_uses (
    donation      TEXT      NOT NULL REFERENCES donations (id),
    number        INTEGER   NOT NULL CHECK (number > 0),
    period_start  DATE      NOT NULL,
    period_end    DATE      NOT NULL,
    effective_on  DATE      NOT NULL,
    region        TEXT      NOT NULL,
    used          BIGINT    NOT NULL CHECK (used >= 0),
    returned      BIGINT    NOT NULL CHECK (returned >= 0),
    beneficiaries BIGINT    CHECK (beneficiaries > 0),
    note          TEXT,
    cancel_reason TEXT,
    cancelled_on  DATE,
    cancelled_by  TEXT,
    recorded_by   TEXT      NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (donation, number),
    CHECK (period_start <= period_end AND period_end <= effective_on),
    CHECK (used > 0 OR returned > 0)
);
