ALTER TABLE tallies RENAME TO tallies_after;
ALTER TABLE tallies_after RENAME CONSTRAINT tallies_pkey TO tallies_after_pkey;
CREATE TABLE tallies (
    book      BIGINT  NOT NULL REFERENCES books (book),
    program   TEXT    NOT NULL,
    fund      TEXT    NOT NULL,
    region    TEXT    NOT NULL,
    payee     TEXT    NOT NULL,
    form      TEXT    NOT NULL,
    measure   TEXT    NOT NULL CHECK (measure IN
        ('submitted', 'approved', 'paid', 'refunded', 'payments', 'donations', 'receipts')),
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    amount    BIGINT  NOT NULL,
    PRIMARY KEY (book, span, program, fund, region, payee, form, measure, starts_on)
);
CREATE INDEX tallies_by_program ON tallies (program, span, region, starts_on);
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'submitted', span, starts_on, submitted
    FROM tallies_after WHERE submitted <> 0;
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'approved', span, starts_on, approved
    FROM tallies_after WHERE approved <> 0;
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'paid', span, starts_on, paid
    FROM tallies_after WHERE paid <> 0;
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'refunded', span, starts_on, refunded
    FROM tallies_after WHERE refunded <> 0;
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'payments', span, starts_on, payments
    FROM tallies_after WHERE payments <> 0;
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'donations', span, starts_on, donations
    FROM tallies_after WHERE donations <> 0;
INSERT INTO tallies SELECT book, program, fund, region, payee, form, 'receipts', span, starts_on, receipts
    FROM tallies_after WHERE receipts <> 0;
DROP TABLE tallies_after;

ALTER TABLE people_counts RENAME TO people_counts_after;
ALTER TABLE people_counts_after RENAME CONSTRAINT people_counts_pkey TO people_counts_after_pkey;
CREATE TABLE people_counts (
    scope     TEXT    NOT NULL,
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    people    BIGINT  NOT NULL,
    PRIMARY KEY (scope, span, starts_on)
);
INSERT INTO people_counts (scope, span, starts_on, people) SELECT scope, span, starts_on, people FROM people_counts_after;
DROP TABLE people_counts_after;

ALTER TABLE sale_sums RENAME TO sale_sums_after;
ALTER TABLE sale_sums_after RENAME CONSTRAINT sale_sums_pkey TO sale_sums_after_pkey;
CREATE TABLE sale_sums (
    book       BIGINT  NOT NULL REFERENCES books (book),
    program    TEXT    NOT NULL,
    product    TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    span       INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on  DATE    NOT NULL,
    grams      BIGINT  NOT NULL,
    amount     BIGINT  NOT NULL,
    orders     BIGINT  NOT NULL,
    PRIMARY KEY (book, span, program, product, region, starts_on)
);
INSERT INTO sale_sums (book, program, product, region, span, starts_on, grams, amount, orders) SELECT book, program, product, region, span, starts_on, grams, amount, orders FROM sale_sums_after;
DROP TABLE sale_sums_after;
