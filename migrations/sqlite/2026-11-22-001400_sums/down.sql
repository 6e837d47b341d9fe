ALTER TABLE tallies RENAME TO tallies_after;
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

ALTER TABLE people RENAME TO people_after;
CREATE TABLE people (
    scope   TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    net     BIGINT NOT NULL CHECK (net >= 0),
    last_on DATE   NOT NULL,
    since   DATE,
    PRIMARY KEY (scope, person)
);
INSERT INTO people (scope, person, net, last_on, since) SELECT scope, person, net, last_on, since FROM people_after;
DROP TABLE people_after;

ALTER TABLE account_sums RENAME TO account_sums_after;
CREATE TABLE account_sums (
    book      BIGINT  NOT NULL,
    account   BIGINT  NOT NULL,
    kind      TEXT    NOT NULL,
    form      TEXT    NOT NULL,
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    debit     BIGINT  NOT NULL CHECK (debit >= 0),
    credit    BIGINT  NOT NULL CHECK (credit >= 0),
    PRIMARY KEY (book, span, account, starts_on, kind, form),
    FOREIGN KEY (book, account) REFERENCES accounts (book, account)
);
INSERT INTO account_sums (book, account, kind, form, span, starts_on, debit, credit) SELECT book, account, kind, form, span, starts_on, debit, credit FROM account_sums_after;
DROP TABLE account_sums_after;
