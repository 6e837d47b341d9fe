CREATE TABLE transfers_laid_out (
    book         BIGINT  NOT NULL,
    sequence     BIGINT  NOT NULL,
    part         INTEGER NOT NULL CHECK (part > 0),
    kind         TEXT    NOT NULL,
    form         TEXT    NOT NULL CHECK (form IN ('none', 'cash', 'in_kind')),
    debit        BIGINT  NOT NULL,
    credit       BIGINT  NOT NULL,
    amount       BIGINT  NOT NULL CHECK (amount > 0),
    effective_on DATE    NOT NULL,
    year         INTEGER NOT NULL,
    month        INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
    reverses     BIGINT,
    PRIMARY KEY (book, sequence, part),
    FOREIGN KEY (book, sequence) REFERENCES events (book, sequence),
    FOREIGN KEY (book, debit) REFERENCES accounts (book, account),
    FOREIGN KEY (book, credit) REFERENCES accounts (book, account),
    CHECK (debit <> credit)
);
INSERT INTO transfers_laid_out SELECT
    book, sequence, part, kind, form, debit, credit, amount, effective_on, year, month, reverses
    FROM transfers ORDER BY book, sequence, part;
DROP TABLE transfers;
ALTER TABLE transfers_laid_out RENAME TO transfers;
CREATE TRIGGER transfers_keep_update BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'transfers are never changed'); END;
CREATE TRIGGER transfers_keep_delete BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'transfers are never deleted'); END;

CREATE TABLE steps_laid_out (
    record         TEXT      NOT NULL,
    step           INTEGER   NOT NULL CHECK (step > 0),
    verb           TEXT      NOT NULL,
    actor          TEXT      NOT NULL,
    effective_on   DATE      NOT NULL,
    recorded_at    TIMESTAMP NOT NULL,
    sequence       BIGINT    NOT NULL,
    amount         BIGINT,
    reason_class   TEXT,
    reason         TEXT,
    bank_reference TEXT,
    PRIMARY KEY (record, step)
);
INSERT INTO steps_laid_out SELECT
    record, step, verb, actor, effective_on, recorded_at, sequence, amount, reason_class, reason,
    bank_reference
    FROM steps ORDER BY record, step;
DROP TABLE steps;
ALTER TABLE steps_laid_out RENAME TO steps;
CREATE TRIGGER steps_keep_update BEFORE UPDATE ON steps
BEGIN SELECT RAISE(ABORT, 'steps are never changed'); END;
CREATE TRIGGER steps_keep_delete BEFORE DELETE ON steps
BEGIN SELECT RAISE(ABORT, 'steps are never deleted'); END;

CREATE TABLE disbursements_laid_out (
    id               TEXT      NOT NULL PRIMARY KEY,
    book             BIGINT    NOT NULL REFERENCES books (book),
    program          TEXT      NOT NULL REFERENCES programs (code),
    fund             TEXT      NOT NULL,
    fiscal_year      INTEGER   NOT NULL,
    round            TEXT,
    beneficiary      TEXT      REFERENCES beneficiaries (id),
    beneficiary_kind TEXT      NOT NULL,
    people           BIGINT    CHECK (people > 0),
    region           TEXT      NOT NULL,
    form             TEXT      NOT NULL CHECK (form IN ('cash', 'in_kind')),
    amount           BIGINT    NOT NULL CHECK (amount > 0),
    value_cost       BIGINT,
    value_list       BIGINT,
    value_fair       BIGINT,
    planned_on       DATE      NOT NULL,
    effective_on     DATE      NOT NULL,
    purpose          TEXT,
    external_id      TEXT,
    voucher_number   TEXT,
    once_key         TEXT,
    status           TEXT      NOT NULL CHECK (status IN ('submitted', 'rejected', 'withdrawn',
        'approved', 'cancelled', 'partly_paid', 'paid', 'partly_refunded', 'refunded')),
    approved         BIGINT    NOT NULL CHECK (approved >= 0),
    paid             BIGINT    NOT NULL CHECK (paid >= 0),
    returned         BIGINT    NOT NULL CHECK (returned >= 0),
    refunded         BIGINT    NOT NULL CHECK (refunded >= 0),
    recorded_by      TEXT      NOT NULL,
    recorded_at      TIMESTAMP NOT NULL,
    version          INTEGER   NOT NULL CHECK (version > 0),
    rule_version     TEXT,
    tier             TEXT,
    assessed_loss    BIGINT    CHECK (assessed_loss > 0),
    CHECK (paid <= approved AND refunded <= paid),
    CHECK ((beneficiary IS NULL) = (beneficiary_kind = 'group'))
);
INSERT INTO disbursements_laid_out SELECT
    id, book, program, fund, fiscal_year, round, beneficiary, beneficiary_kind, people, region,
    form, amount, value_cost, value_list, value_fair, planned_on, effective_on, purpose,
    external_id, voucher_number, once_key, status, approved, paid, returned, refunded,
    recorded_by, recorded_at, version, rule_version, tier, assessed_loss
    FROM disbursements ORDER BY id;
DROP TABLE disbursements;
ALTER TABLE disbursements_laid_out RENAME TO disbursements;
CREATE UNIQUE INDEX disbursements_external ON disbursements (program, external_id)
    WHERE external_id IS NOT NULL AND status NOT IN ('rejected', 'withdrawn', 'cancelled');
CREATE UNIQUE INDEX disbursements_once ON disbursements (program, beneficiary, once_key)
    WHERE once_key IS NOT NULL AND status NOT IN ('rejected', 'withdrawn', 'cancelled');
CREATE INDEX disbursements_by_program ON disbursements (program, id);
CREATE INDEX disbursements_by_fund ON disbursements (fund, id);
CREATE INDEX disbursements_by_beneficiary ON disbursements (beneficiary, id);
DROP INDEX donations_external;
CREATE UNIQUE INDEX donations_external ON donations (program, external_id)
    WHERE external_id IS NOT NULL AND status NOT IN ('rejected', 'withdrawn', 'cancelled');

CREATE TABLE people_laid_out (
    scope   TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    net     BIGINT NOT NULL CHECK (net >= 0),
    last_on DATE   NOT NULL,
    since   DATE,
    PRIMARY KEY (scope, person)
) WITHOUT ROWID;
INSERT INTO people_laid_out SELECT scope, person, net, last_on, since FROM people ORDER BY scope, person;
DROP TABLE people;
ALTER TABLE people_laid_out RENAME TO people;
