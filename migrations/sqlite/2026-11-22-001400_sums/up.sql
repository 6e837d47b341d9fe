-- Sums, laid out as they are read and written: found by span and day, whatever the book; one row for
-- all measures of a place and day, where there was one for each.
-- WITHOUT ROWID: the key is the table, so that a change touches one tree and not two. BETWEEN, since
-- for an `IN` of three values the engine builds a table anew for each row that is written.

ALTER TABLE tallies RENAME TO tallies_before;
DROP INDEX tallies_by_program;
CREATE TABLE tallies (
    span       INTEGER NOT NULL CHECK (span BETWEEN 0 AND 2),
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
) WITHOUT ROWID;
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
CREATE TABLE people_counts (
    span      INTEGER NOT NULL CHECK (span BETWEEN 0 AND 2),
    starts_on DATE    NOT NULL,
    scope     TEXT    NOT NULL,
    people    BIGINT  NOT NULL,
    PRIMARY KEY (span, starts_on, scope)
) WITHOUT ROWID;
INSERT INTO people_counts SELECT span, starts_on, scope, people FROM people_counts_before;
DROP TABLE people_counts_before;

ALTER TABLE sale_sums RENAME TO sale_sums_before;
CREATE TABLE sale_sums (
    span      INTEGER NOT NULL CHECK (span BETWEEN 0 AND 2),
    starts_on DATE    NOT NULL,
    program   TEXT    NOT NULL,
    product   TEXT    NOT NULL,
    region    TEXT    NOT NULL,
    book      BIGINT  NOT NULL REFERENCES books (book),
    grams     BIGINT  NOT NULL,
    amount    BIGINT  NOT NULL,
    orders    BIGINT  NOT NULL,
    PRIMARY KEY (span, starts_on, program, product, region, book)
) WITHOUT ROWID;
INSERT INTO sale_sums
SELECT span, starts_on, program, product, region, book, grams, amount, orders FROM sale_sums_before;
DROP TABLE sale_sums_before;

ALTER TABLE people RENAME TO people_before;
CREATE TABLE people (
    scope   TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    net     BIGINT NOT NULL CHECK (net >= 0),
    last_on DATE   NOT NULL,
    since   DATE,
    PRIMARY KEY (scope, person)
) WITHOUT ROWID;
INSERT INTO people SELECT scope, person, net, last_on, since FROM people_before;
DROP TABLE people_before;

ALTER TABLE account_sums RENAME TO account_sums_before;
CREATE TABLE account_sums (
    book      BIGINT  NOT NULL,
    account   BIGINT  NOT NULL,
    kind      TEXT    NOT NULL,
    form      TEXT    NOT NULL,
    span      INTEGER NOT NULL CHECK (span BETWEEN 0 AND 2),
    starts_on DATE    NOT NULL,
    debit     BIGINT  NOT NULL CHECK (debit >= 0),
    credit    BIGINT  NOT NULL CHECK (credit >= 0),
    PRIMARY KEY (book, span, account, starts_on, kind, form),
    FOREIGN KEY (book, account) REFERENCES accounts (book, account)
) WITHOUT ROWID;
INSERT INTO account_sums
SELECT book, account, kind, form, span, starts_on, debit, credit FROM account_sums_before;
DROP TABLE account_sums_before;
