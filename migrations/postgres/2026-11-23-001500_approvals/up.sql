-- Approval that means something: from how much on a second approver is needed, what content a step
-- approved, and what was asked of a fund that another person has to agree to.
ALTER TABLE programs ADD COLUMN second_approval_above BIGINT CHECK (second_approval_above > 0);
ALTER TABLE funds ADD COLUMN second_approval_above BIGINT CHECK (second_approval_above > 0);
ALTER TABLE steps ADD COLUMN content WORD;

-- What holds where a program or a fund says nothing: one row at most.
CREATE TABLE settings (
    id                    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    second_approval_above BIGINT  CHECK (second_approval_above > 0),
    version               INTEGER NOT NULL
);

CREATE TABLE proposals (
    id                WORD      NOT NULL PRIMARY KEY,
    book              BIGINT    NOT NULL REFERENCES books (book),
    kind              WORD      NOT NULL CHECK (kind IN ('commitment', 'contribution',
        'contribution_reversal', 'allocation', 'second_approval_above')),
    fund              WORD      NOT NULL,
    program           WORD      NOT NULL,
    amount            BIGINT    CHECK (amount > 0),
    act               WORD      NOT NULL,
    status            WORD      NOT NULL CHECK (status IN ('proposed', 'approved', 'rejected',
        'withdrawn')),
    proposed_by       WORD      NOT NULL,
    proposed_at       TIMESTAMP NOT NULL,
    proposed_sequence BIGINT    NOT NULL,
    decided_by        WORD,
    decided_at        TIMESTAMP,
    decided_sequence  BIGINT,
    decision_reason   WORD,
    version           INTEGER   NOT NULL,
    CHECK ((decided_by IS NULL) = (status = 'proposed')),
    CHECK (status <> 'approved' OR decided_by <> proposed_by)
);
CREATE INDEX proposals_by_status ON proposals (status, id);
CREATE INDEX proposals_by_fund ON proposals (fund, id);
