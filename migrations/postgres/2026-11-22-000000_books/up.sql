-- The books, first edition. Keys of the ledger's tables lead with the book.
-- The SQLite tree holds the same tables, columns and keys under the same name.

-- Text in the order of its bytes: lists have the order that they have on SQLite, and no index
-- depends on the locale data of the operating system, which may change under it.
CREATE DOMAIN word AS TEXT COLLATE "C";

-- ---------------------------------------------------------------- ledger

CREATE TABLE books (
    book        BIGINT    NOT NULL PRIMARY KEY,
    key         WORD      NOT NULL UNIQUE,
    sequence    BIGINT    NOT NULL CHECK (sequence >= 0),
    recorded_at TIMESTAMP NOT NULL,
    accounts    BIGINT    NOT NULL CHECK (accounts >= 0),
    frontier    BYTEA     NOT NULL
);

CREATE TABLE events (
    book         BIGINT    NOT NULL REFERENCES books (book),
    sequence     BIGINT    NOT NULL CHECK (sequence > 0),
    kind         WORD      NOT NULL,
    subject      WORD      NOT NULL,
    actor        WORD      NOT NULL,
    request_id   WORD      NOT NULL,
    effective_on DATE      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    command      WORD      NOT NULL,
    leaf         BYTEA     NOT NULL,
    PRIMARY KEY (book, sequence)
);
CREATE INDEX events_by_subject ON events (book, subject, kind, sequence);

CREATE TABLE accounts (
    book        BIGINT  NOT NULL REFERENCES books (book),
    account     BIGINT  NOT NULL CHECK (account > 0),
    fund        WORD    NOT NULL,
    program     WORD    NOT NULL,
    fiscal_year INTEGER NOT NULL,
    bucket      WORD    NOT NULL CHECK (bucket IN
        ('outside', 'unallocated', 'available', 'awaiting', 'spent', 'cash', 'cash_outside')),
    limited     BOOLEAN NOT NULL,
    balance     BIGINT  NOT NULL,
    last_on     DATE    NOT NULL,
    backdated   BOOLEAN NOT NULL,
    PRIMARY KEY (book, account),
    UNIQUE (book, fund, program, fiscal_year, bucket),
    CHECK (NOT limited OR balance >= 0)
);
CREATE INDEX accounts_by_program ON accounts (program, book);

CREATE TABLE transfers (
    book         BIGINT  NOT NULL,
    sequence     BIGINT  NOT NULL,
    part         INTEGER NOT NULL CHECK (part > 0),
    kind         WORD    NOT NULL,
    form         WORD    NOT NULL CHECK (form IN ('none', 'cash', 'in_kind')),
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

-- Sums over a whole account (span 0), a month (1) or a day (2); starts_on is the span's first day.
CREATE TABLE account_sums (
    book      BIGINT  NOT NULL,
    account   BIGINT  NOT NULL,
    kind      WORD    NOT NULL,
    form      WORD    NOT NULL,
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    debit     BIGINT  NOT NULL CHECK (debit >= 0),
    credit    BIGINT  NOT NULL CHECK (credit >= 0),
    PRIMARY KEY (book, span, account, starts_on, kind, form),
    FOREIGN KEY (book, account) REFERENCES accounts (book, account)
);

-- What programs did, by place and payee; region and payee '*' is the line of all of them.
CREATE TABLE tallies (
    book      BIGINT  NOT NULL REFERENCES books (book),
    program   WORD    NOT NULL,
    fund      WORD    NOT NULL,
    region    WORD    NOT NULL,
    payee     WORD    NOT NULL,
    form      WORD    NOT NULL,
    measure   WORD    NOT NULL CHECK (measure IN
        ('submitted', 'approved', 'paid', 'refunded', 'payments', 'donations', 'receipts')),
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    amount    BIGINT  NOT NULL,
    PRIMARY KEY (book, span, program, fund, region, payee, form, measure, starts_on)
);
CREATE INDEX tallies_by_program ON tallies (program, span, region, starts_on);

-- One row for each scope and person: what they were approved, net of what was cancelled or refunded.
CREATE TABLE people (
    scope   WORD   NOT NULL,
    person  WORD   NOT NULL,
    net     BIGINT NOT NULL CHECK (net >= 0),
    last_on DATE   NOT NULL,
    PRIMARY KEY (scope, person)
);

CREATE TABLE people_counts (
    scope     WORD    NOT NULL,
    span      INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on DATE    NOT NULL,
    people    BIGINT  NOT NULL,
    PRIMARY KEY (scope, span, starts_on)
);

CREATE TABLE sale_sums (
    book       BIGINT  NOT NULL REFERENCES books (book),
    program    WORD    NOT NULL,
    product    WORD    NOT NULL,
    region     WORD    NOT NULL,
    span       INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on  DATE    NOT NULL,
    grams      BIGINT  NOT NULL,
    amount     BIGINT  NOT NULL,
    orders     BIGINT  NOT NULL,
    PRIMARY KEY (book, span, program, product, region, starts_on)
);

-- ---------------------------------------------------------------- master data

-- Every version of every piece of master data, as it was recorded.
CREATE TABLE versions (
    noun         WORD      NOT NULL,
    code         WORD      NOT NULL,
    version      INTEGER   NOT NULL CHECK (version > 0),
    effective_on DATE      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    document     WORD      NOT NULL,
    PRIMARY KEY (noun, code, version)
);

CREATE TABLE funds (
    code               WORD    NOT NULL PRIMARY KEY,
    book               BIGINT  NOT NULL REFERENCES books (book),
    part_of            WORD    REFERENCES funds (code),
    kind               WORD    NOT NULL CHECK (kind IN ('internal', 'statutory_winwin', 'foundation')),
    spend_limit        WORD    NOT NULL CHECK (spend_limit IN ('commitment', 'cash')),
    in_kind_counted_at WORD    NOT NULL CHECK (in_kind_counted_at IN ('cost', 'list')),
    name_ko            WORD    NOT NULL,
    name_en            WORD    NOT NULL,
    starts_on          DATE    NOT NULL,
    ends_on            DATE    NOT NULL,
    period_basis       WORD,
    basis              WORD,
    status             WORD    NOT NULL CHECK (status IN ('open', 'closed')),
    plan_version       INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    CHECK (starts_on <= ends_on)
);

CREATE TABLE plans (
    fund        WORD      NOT NULL REFERENCES funds (code),
    version     INTEGER   NOT NULL CHECK (version > 0),
    reason      WORD      NOT NULL,
    recorded_by WORD      NOT NULL,
    effective_on DATE     NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (fund, version)
);

CREATE TABLE plan_lines (
    fund        WORD    NOT NULL,
    version     INTEGER NOT NULL,
    line        INTEGER NOT NULL,
    fiscal_year INTEGER NOT NULL,
    program     WORD,
    area        WORD,
    amount      BIGINT  NOT NULL CHECK (amount > 0),
    PRIMARY KEY (fund, version, line),
    FOREIGN KEY (fund, version) REFERENCES plans (fund, version)
);

CREATE TABLE organisations (
    code                WORD    NOT NULL PRIMARY KEY,
    name_ko             WORD    NOT NULL,
    name_en             WORD    NOT NULL,
    kind                WORD    NOT NULL CHECK (kind IN
        ('company', 'nonprofit', 'public_body', 'cooperative', 'other')),
    registration_number WORD,
    basis               WORD,
    version             INTEGER NOT NULL
);

CREATE TABLE programs (
    code            WORD    NOT NULL PRIMARY KEY,
    kind            WORD    NOT NULL CHECK (kind IN ('merchant_support', 'produce_sales',
        'worker_support', 'donation', 'accessibility', 'compensation', 'other')),
    name_ko         WORD    NOT NULL,
    name_en         WORD    NOT NULL,
    partner         WORD    REFERENCES organisations (code),
    approval        WORD    NOT NULL CHECK (approval IN ('four_eyes', 'none')),
    one_payment_per WORD    NOT NULL CHECK (one_payment_per IN ('round', 'program', 'none')),
    area            WORD,
    tags            WORD    NOT NULL,
    management_cost BIGINT,
    basis           WORD,
    status          WORD    NOT NULL CHECK (status IN ('open', 'closed')),
    version         INTEGER NOT NULL
);

CREATE TABLE program_funds (
    program  WORD    NOT NULL REFERENCES programs (code),
    position INTEGER NOT NULL,
    fund     WORD    NOT NULL REFERENCES funds (code),
    PRIMARY KEY (program, position),
    UNIQUE (program, fund)
);
CREATE INDEX program_funds_by_fund ON program_funds (fund);

-- ---------------------------------------------------------------- people

-- A pseudonym: the random id that the log, the records and the indexes carry.
CREATE TABLE beneficiaries (
    id          WORD      NOT NULL PRIMARY KEY,
    kind        WORD      NOT NULL CHECK (kind IN
        ('merchant', 'worker', 'producer', 'user', 'organisation')),
    program     WORD      REFERENCES programs (code),
    region      WORD,
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX beneficiaries_by_kind ON beneficiaries (kind, id);

-- The only place that holds personal details, and the only table of people that may lose rows.
CREATE TABLE personal_details (
    beneficiary WORD    NOT NULL PRIMARY KEY REFERENCES beneficiaries (id),
    blind_index WORD    NOT NULL UNIQUE,
    salt        WORD    NOT NULL,
    key_version INTEGER NOT NULL,
    wrapped_key BYTEA   NOT NULL,
    ciphertext  BYTEA   NOT NULL
);

-- ---------------------------------------------------------------- records

CREATE TABLE disbursements (
    id               WORD      NOT NULL PRIMARY KEY,
    book             BIGINT    NOT NULL REFERENCES books (book),
    program          WORD      NOT NULL REFERENCES programs (code),
    fund             WORD      NOT NULL,
    fiscal_year      INTEGER   NOT NULL,
    round            WORD,
    beneficiary      WORD      REFERENCES beneficiaries (id),
    beneficiary_kind WORD      NOT NULL,
    people           BIGINT    CHECK (people > 0),
    region           WORD      NOT NULL,
    form             WORD      NOT NULL CHECK (form IN ('cash', 'in_kind')),
    amount           BIGINT    NOT NULL CHECK (amount > 0),
    value_cost       BIGINT,
    value_list       BIGINT,
    value_fair       BIGINT,
    planned_on       DATE      NOT NULL,
    effective_on     DATE      NOT NULL,
    purpose          WORD,
    external_id      WORD,
    voucher_number   WORD,
    once_key         WORD,
    status           WORD      NOT NULL CHECK (status IN ('submitted', 'rejected', 'withdrawn',
        'approved', 'cancelled', 'partly_paid', 'paid', 'partly_refunded', 'refunded')),
    approved         BIGINT    NOT NULL CHECK (approved >= 0),
    paid             BIGINT    NOT NULL CHECK (paid >= 0),
    returned         BIGINT    NOT NULL CHECK (returned >= 0),
    refunded         BIGINT    NOT NULL CHECK (refunded >= 0),
    recorded_by      WORD      NOT NULL,
    recorded_at      TIMESTAMP NOT NULL,
    version          INTEGER   NOT NULL CHECK (version > 0),
    CHECK (paid <= approved AND refunded <= paid),
    CHECK ((beneficiary IS NULL) = (beneficiary_kind = 'group'))
);
CREATE UNIQUE INDEX disbursements_external ON disbursements (program, external_id)
    WHERE external_id IS NOT NULL AND status NOT IN ('rejected', 'withdrawn', 'cancelled');
CREATE UNIQUE INDEX disbursements_once ON disbursements (program, beneficiary, once_key)
    WHERE once_key IS NOT NULL AND status NOT IN ('rejected', 'withdrawn', 'cancelled');
CREATE INDEX disbursements_by_program ON disbursements (program, id);
CREATE INDEX disbursements_by_fund ON disbursements (fund, id);
CREATE INDEX disbursements_by_beneficiary ON disbursements (beneficiary, id);

CREATE TABLE donations (
    id                WORD      NOT NULL PRIMARY KEY,
    book              BIGINT    NOT NULL REFERENCES books (book),
    program           WORD      NOT NULL,
    fund              WORD      NOT NULL,
    fiscal_year       INTEGER   NOT NULL,
    recipient         WORD      NOT NULL REFERENCES organisations (code),
    recipient_role    WORD      NOT NULL CHECK (recipient_role IN ('end', 'intermediary')),
    designated        BOOLEAN   NOT NULL,
    form              WORD      NOT NULL CHECK (form IN ('cash', 'in_kind')),
    amount            BIGINT    NOT NULL CHECK (amount > 0),
    value_cost        BIGINT,
    value_list        BIGINT,
    value_fair        BIGINT,
    planned_on        DATE      NOT NULL,
    effective_on      DATE      NOT NULL,
    purpose           WORD,
    approval_document WORD,
    basis             WORD,
    external_id       WORD,
    receipt_number    WORD,
    receipt_issued_on DATE,
    receipt_class     WORD,
    status            WORD      NOT NULL CHECK (status IN ('submitted', 'rejected', 'withdrawn',
        'approved', 'cancelled', 'partly_paid', 'paid', 'partly_refunded', 'refunded')),
    approved          BIGINT    NOT NULL CHECK (approved >= 0),
    paid              BIGINT    NOT NULL CHECK (paid >= 0),
    returned          BIGINT    NOT NULL CHECK (returned >= 0),
    refunded          BIGINT    NOT NULL CHECK (refunded >= 0),
    recorded_by       WORD      NOT NULL,
    recorded_at       TIMESTAMP NOT NULL,
    version           INTEGER   NOT NULL CHECK (version > 0),
    CHECK (paid <= approved AND refunded <= paid)
);
CREATE UNIQUE INDEX donations_external ON donations (program, external_id)
    WHERE external_id IS NOT NULL AND status NOT IN ('rejected', 'withdrawn', 'cancelled');
CREATE INDEX donations_by_program ON donations (program, id);

-- What was done to a disbursement or a donation, step by step.
CREATE TABLE steps (
    record         WORD      NOT NULL,
    step           INTEGER   NOT NULL CHECK (step > 0),
    verb           WORD      NOT NULL,
    actor          WORD      NOT NULL,
    effective_on   DATE      NOT NULL,
    recorded_at    TIMESTAMP NOT NULL,
    sequence       BIGINT    NOT NULL,
    amount         BIGINT,
    reason_class   WORD,
    reason         WORD,
    bank_reference WORD,
    PRIMARY KEY (record, step)
);

-- Users' own labels on records: at most 20 each.
CREATE TABLE attributes (
    record WORD NOT NULL,
    name   WORD NOT NULL,
    value  WORD NOT NULL,
    PRIMARY KEY (record, name)
);
CREATE INDEX attributes_by_value ON attributes (name, value, record);

CREATE TABLE sales (
    id            WORD      NOT NULL PRIMARY KEY,
    book          BIGINT    NOT NULL REFERENCES books (book),
    program       WORD      NOT NULL REFERENCES programs (code),
    product_code  WORD      NOT NULL,
    product_name  WORD      NOT NULL,
    producer      WORD      REFERENCES beneficiaries (id),
    origin_region WORD      NOT NULL,
    sold_on       DATE      NOT NULL,
    grams         BIGINT    NOT NULL CHECK (grams > 0),
    amount        BIGINT    NOT NULL CHECK (amount > 0),
    orders        BIGINT    NOT NULL CHECK (orders > 0),
    external_id   WORD,
    basis         WORD,
    status        WORD      NOT NULL CHECK (status IN ('recorded', 'cancelled')),
    cancel_reason WORD,
    cancelled_on  DATE,
    cancelled_by  WORD,
    recorded_by   WORD      NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    version       INTEGER   NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX sales_external ON sales (program, external_id)
    WHERE external_id IS NOT NULL AND status <> 'cancelled';
CREATE INDEX sales_by_program ON sales (program, id);

-- ---------------------------------------------------------------- access

CREATE TABLE users (
    id              WORD      NOT NULL PRIMARY KEY,
    email           WORD      NOT NULL UNIQUE,
    password_hash   WORD      NOT NULL,
    roles           WORD      NOT NULL,
    status          WORD      NOT NULL CHECK (status IN ('active', 'disabled')),
    session_version BIGINT    NOT NULL,
    recorded_at     TIMESTAMP NOT NULL,
    version         INTEGER   NOT NULL
);

CREATE TABLE refresh_tokens (
    digest     WORD      NOT NULL PRIMARY KEY,
    family     WORD      NOT NULL,
    user_id    WORD      NOT NULL REFERENCES users (id),
    issued_at  TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used       BOOLEAN   NOT NULL
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);

CREATE TABLE idempotency_keys (
    caller       WORD      NOT NULL,
    key          WORD      NOT NULL,
    request_hash BYTEA     NOT NULL,
    status       INTEGER   NOT NULL,
    location     WORD,
    etag         WORD,
    body         BYTEA     NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (caller, key)
);

-- ---------------------------------------------------------------- nothing is rewritten

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END $$;
CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% are never deleted', TG_TABLE_NAME; END $$;

CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_keep_delete BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER events_keep_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER transfers_keep_update BEFORE UPDATE ON transfers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_keep_delete BEFORE DELETE ON transfers
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER transfers_keep_truncate BEFORE TRUNCATE ON transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER steps_keep_update BEFORE UPDATE ON steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER steps_keep_delete BEFORE DELETE ON steps
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER steps_keep_truncate BEFORE TRUNCATE ON steps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER versions_keep_update BEFORE UPDATE ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER versions_keep_delete BEFORE DELETE ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER versions_keep_truncate BEFORE TRUNCATE ON versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

-- The book of what belongs to no fund: programs, organisations, people, users.
INSERT INTO books (book, key, sequence, recorded_at, accounts, frontier)
VALUES (1, 'house', 0, '1970-01-01 00:00:00', 0, ''::bytea);
