-- Sums, laid out as they are read and written: found by span and day, whatever the book; one row for
-- all measures of a place and day, where there was one for each.
-- The embedded engine keeps these without row ids; here that is nothing to ask for.

ALTER TABLE tallies RENAME TO tallies_before;
DROP INDEX tallies_by_program;
ALTER TABLE tallies_before RENAME CONSTRAINT tallies_pkey TO tallies_before_pkey;
CREATE TABLE tallies (
    span       INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    payee      TEXT    NOT NULL,
    starts_on  DATE    NOT NULL,
    program    TEXT    NOT NULL,
    fund       TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    form       TEXT    NOT NULL,
    book       BIGINT  NOT NULL REFERENCES books (book),
    submitted  BIGINT  NOT NULL,
    approved   BIGINT  NOT NULL,
    paid       BIGINT  NOT NULL,
    refunded   BIGINT  NOT NULL,
    payments   BIGINT  NOT NULL,
    donations  BIGINT  NOT NULL,
    receipts   BIGINT  NOT NULL,
    PRIMARY KEY (span, payee, starts_on, program, fund, region, form, book)
);
INSERT INTO tallies
SELECT span, payee, starts_on, program, fund, region, form, book,
    sum(CASE measure WHEN 'submitted' THEN amount ELSE 0 END),
    sum(CASE measure WHEN 'approved' THEN amount ELSE 0 END),
    sum(CASE measure WHEN 'paid' THEN amount ELSE 0 END),
    sum(CASE measure WHEN 'refunded' THEN amount ELSE 0 END),
    sum(CASE measure WHEN 'payments' THEN amount ELSE 0 END),
    sum(CASE measure WHEN 'donations' THEN amount ELSE 0 END),
    sum(CASE measure WHEN 'receipts' THEN amount ELSE 0 END)
FROM tallies_before
GROUP BY span, payee, starts_on, program, fund, region, form, book;
DROP TABLE tallies_before;

ALTER TABLE people_counts RENAME TO people_counts_before;
ALTER TABLE people_counts_before RENAME CONSTRAINT people_counts_pkey TO people_counts_before_pkey;
CREATE TABLE people_counts (
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    scope     TEXT    NOT NULL,
    people    BIGINT  NOT NULL,
    PRIMARY KEY (span, starts_on, scope)
);
INSERT INTO people_counts SELECT span, starts_on, scope, people FROM people_counts_before;
DROP TABLE people_counts_before;

ALTER TABLE sale_sums RENAME TO sale_sums_before;
ALTER TABLE sale_sums_before RENAME CONSTRAINT sale_sums_pkey TO sale_sums_before_pkey;
CREATE TABLE sale_sums (
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    program   TEXT    NOT NULL,
    product   TEXT    NOT NULL,
    region    TEXT    NOT NULL,
    book      BIGINT  NOT NULL REFERENCES books (book),
    grams     BIGINT  NOT NULL,
    amount    BIGINT  NOT NULL,
    orders    BIGINT  NOT NULL,
    PRIMARY KEY (span, starts_on, program, product, region, book)
);
INSERT INTO sale_sums
SELECT span, starts_on, program, product, region, book, grams, amount, orders FROM sale_sums_before;
DROP TABLE sale_sums_before;
