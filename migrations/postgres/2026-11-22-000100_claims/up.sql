-- Claims: numbers that were said in public. Whether they hold is read from the books each time.

CREATE TABLE claims (
    id              WORD      NOT NULL PRIMARY KEY,
    book            BIGINT    NOT NULL REFERENCES books (book),
    statement       WORD      NOT NULL,
    source_title    WORD      NOT NULL,
    source_date     DATE,
    source_url      WORD,
    basis           WORD,
    said_on         DATE      NOT NULL,
    metric          WORD      CHECK (metric IN ('committed', 'contributed', 'disbursed',
        'beneficiaries', 'payments', 'sales_amount', 'sales_quantity_kg', 'orders', 'buyers',
        'donated', 'pledges_met')),
    program         WORD      REFERENCES programs (code),
    fund            WORD      REFERENCES funds (code),
    counted_from    DATE,
    as_of           DATE      NOT NULL,
    comparator      WORD      NOT NULL CHECK (comparator IN ('eq', 'gte', 'gt', 'lte', 'about',
        'near', 'rounded_down')),
    value           BIGINT    NOT NULL CHECK (value > 0),
    unit            BIGINT    CHECK (unit > 0),
    tolerance_above BIGINT,
    tolerance_below BIGINT,
    nature          WORD      NOT NULL CHECK (nature IN ('actual', 'plan', 'estimate')),
    withdraw_reason WORD,
    withdrawn_on    DATE,
    withdrawn_by    WORD,
    recorded_by     WORD      NOT NULL,
    recorded_at     TIMESTAMP NOT NULL,
    version         INTEGER   NOT NULL CHECK (version > 0),
    CHECK (program IS NULL OR fund IS NULL)
);
CREATE INDEX claims_by_day ON claims (said_on, id);
