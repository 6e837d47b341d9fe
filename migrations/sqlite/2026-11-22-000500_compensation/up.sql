-- ---------------------------------------------------------------- compensation

-- By which version of the rules a damage was assessed, in which tier, and how large it is.
ALTER TABLE disbursements ADD COLUMN rule_version TEXT;
ALTER TABLE disbursements ADD COLUMN tier TEXT;
ALTER TABLE disbursements ADD COLUMN assessed_loss BIGINT CHECK (assessed_loss > 0);

-- What compensation programs did, by rule version and tier (both empty where nothing was assessed).
-- The first ten are of the records of which something approved is left.
CREATE TABLE compensation_sums (
    book          BIGINT  NOT NULL REFERENCES books (book),
    program       TEXT    NOT NULL,
    rule_version  TEXT    NOT NULL,
    tier          TEXT    NOT NULL,
    form          TEXT    NOT NULL CHECK (form IN ('cash', 'in_kind')),
    span          INTEGER NOT NULL CHECK (span IN (0, 1, 2)),
    starts_on     DATE    NOT NULL,
    records       BIGINT  NOT NULL,
    named         BIGINT  NOT NULL,
    counted       BIGINT  NOT NULL,
    assessed_loss BIGINT  NOT NULL,
    cost          BIGINT  NOT NULL,
    list          BIGINT  NOT NULL,
    without_list  BIGINT  NOT NULL,
    fair          BIGINT  NOT NULL,
    without_fair  BIGINT  NOT NULL,
    approved      BIGINT  NOT NULL,
    paid          BIGINT  NOT NULL,
    refunded      BIGINT  NOT NULL,
    PRIMARY KEY (book, span, program, rule_version, tier, form, starts_on)
);

-- The sums of what was recorded before.
INSERT INTO compensation_sums (book, program, rule_version, tier, form, span, starts_on, records,
    named, counted, assessed_loss, cost, list, without_list, fair, without_fair, approved, paid,
    refunded)
WITH moved AS (
    SELECT d.*, s.step, s.effective_on AS on_day,
        CASE s.verb WHEN 'approve' THEN s.amount WHEN 'cancel' THEN -s.amount ELSE 0 END AS change_approved,
        CASE s.verb WHEN 'pay' THEN s.amount WHEN 'return' THEN -s.amount ELSE 0 END AS change_paid,
        CASE s.verb WHEN 'refund' THEN s.amount ELSE 0 END AS change_refunded
    FROM disbursements d
    JOIN programs p ON p.code = d.program AND p.kind = 'compensation'
    JOIN steps s ON s.record = d.id
    WHERE s.verb IN ('approve', 'cancel', 'pay', 'return', 'refund')
), standing AS (
    SELECT m.*, SUM(change_approved - change_refunded) OVER (PARTITION BY id ORDER BY step) AS left_over
    FROM moved m
), counted AS (
    SELECT t.*, (CASE WHEN left_over > 0 THEN 1 ELSE 0 END)
        - (CASE WHEN left_over - change_approved + change_refunded > 0 THEN 1 ELSE 0 END) AS change
    FROM standing t
), spans AS (SELECT 0 AS span UNION ALL SELECT 1 UNION ALL SELECT 2), spread AS (
    SELECT c.*, span, CASE form WHEN 'in_kind' THEN change ELSE 0 END AS kind,
        CASE span WHEN 0 THEN '1970-01-01' WHEN 1 THEN date(on_day, 'start of month') ELSE on_day END AS starts_on
    FROM counted c CROSS JOIN spans
)
SELECT book, program, COALESCE(rule_version, ''), COALESCE(tier, ''), form, span, starts_on,
    SUM(change), SUM(CASE WHEN beneficiary IS NULL THEN 0 ELSE change END),
    SUM(change * COALESCE(people, 0)), SUM(change * COALESCE(assessed_loss, 0)),
    SUM(kind * COALESCE(value_cost, 0)),
    SUM(kind * COALESCE(value_list, 0)), SUM(CASE WHEN value_list IS NULL THEN kind ELSE 0 END),
    SUM(kind * COALESCE(value_fair, 0)), SUM(CASE WHEN value_fair IS NULL THEN kind ELSE 0 END),
    SUM(change_approved), SUM(change_paid), SUM(change_refunded)
FROM spread
GROUP BY book, program, COALESCE(rule_version, ''), COALESCE(tier, ''), form, span, starts_on;

-- Whom compensation reached counts in its own program alone, no longer among all people.
UPDATE people SET net = (
    SELECT COALESCE(SUM(given.net), 0)
    FROM people given JOIN programs p ON given.scope = 'program:' || p.code
    WHERE p.kind <> 'compensation' AND given.person = people.person
)
WHERE scope = 'all' AND person IN (
    SELECT d.beneficiary FROM disbursements d JOIN programs p ON p.code = d.program
    WHERE p.kind = 'compensation' AND d.beneficiary IS NOT NULL
);
DELETE FROM people_counts WHERE scope = 'all' AND EXISTS (
    SELECT 1 FROM disbursements d JOIN programs p ON p.code = d.program
    WHERE p.kind = 'compensation'
);
INSERT INTO people_counts (scope, span, starts_on, people)
WITH daily AS (
    SELECT d.beneficiary AS person, s.effective_on AS on_day,
        SUM(CASE s.verb WHEN 'approve' THEN s.amount ELSE -s.amount END) AS given
    FROM disbursements d
    JOIN programs p ON p.code = d.program AND p.kind <> 'compensation'
    JOIN steps s ON s.record = d.id
    WHERE d.beneficiary IS NOT NULL AND s.verb IN ('approve', 'cancel', 'refund')
    GROUP BY d.beneficiary, s.effective_on
), running AS (
    SELECT on_day, given, SUM(given) OVER (PARTITION BY person ORDER BY on_day) AS net FROM daily
), crossing AS (
    SELECT on_day, (CASE WHEN net > 0 THEN 1 ELSE 0 END)
        - (CASE WHEN net - given > 0 THEN 1 ELSE 0 END) AS change
    FROM running
), spans AS (SELECT 0 AS span UNION ALL SELECT 1 UNION ALL SELECT 2), spread AS (
    SELECT span, change,
        CASE span WHEN 0 THEN '1970-01-01' WHEN 1 THEN date(on_day, 'start of month') ELSE on_day END AS starts_on
    FROM crossing CROSS JOIN spans
    WHERE change <> 0
)
SELECT 'all', span, starts_on, SUM(change)
FROM spread
WHERE EXISTS (
    SELECT 1 FROM disbursements d JOIN programs p ON p.code = d.program
    WHERE p.kind = 'compensation'
)
GROUP BY span, starts_on;

-- ---------------------------------------------------------------- amendments

-- What was changed of an approved record that is not money. A row is decided once.
CREATE TABLE amendments (
    record            TEXT      NOT NULL,
    number            INTEGER   NOT NULL CHECK (number > 0),
    status            TEXT      NOT NULL CHECK (status IN
        ('proposed', 'in_effect', 'rejected', 'withdrawn')),
    reason_class      TEXT      NOT NULL CHECK (reason_class IN
        ('correction', 'reclassification', 'update')),
    reason            TEXT      NOT NULL,
    former_values     TEXT      NOT NULL,
    later_values      TEXT      NOT NULL,
    renames           BOOLEAN   NOT NULL,
    effective_on      DATE,
    proposed_by       TEXT      NOT NULL,
    proposed_at       TIMESTAMP NOT NULL,
    proposed_sequence BIGINT    NOT NULL,
    decided_by        TEXT,
    decided_at        TIMESTAMP,
    decided_sequence  BIGINT,
    decision_reason   TEXT,
    PRIMARY KEY (record, number),
    CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CHECK ((status = 'proposed') = (decided_at IS NULL)),
    CHECK ((status = 'proposed') = (decided_sequence IS NULL))
);
CREATE UNIQUE INDEX amendments_open ON amendments (record) WHERE status = 'proposed';

-- Names that amendments are about, sealed as personal details are, and erased with them.
CREATE TABLE amendment_names (
    record      TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    version     TEXT    NOT NULL CHECK (version IN ('former', 'later')),
    beneficiary TEXT    NOT NULL REFERENCES personal_details (beneficiary) ON DELETE CASCADE,
    salt        TEXT    NOT NULL,
    key_version INTEGER NOT NULL,
    wrapped_key BLOB    NOT NULL,
    ciphertext  BLOB    NOT NULL,
    PRIMARY KEY (record, number, version),
    FOREIGN KEY (record, number) REFERENCES amendments (record, number)
);
CREATE INDEX amendment_names_by_beneficiary ON amendment_names (beneficiary);

CREATE TRIGGER amendments_keep_update BEFORE UPDATE ON amendments WHEN OLD.status <> 'proposed'
BEGIN SELECT RAISE(ABORT, 'decided amendments are never changed'); END;
CREATE TRIGGER amendments_keep_delete BEFORE DELETE ON amendments
BEGIN SELECT RAISE(ABORT, 'amendments are never deleted'); END;
