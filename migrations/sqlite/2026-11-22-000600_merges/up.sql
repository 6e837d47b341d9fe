-- People found to be one: whose entries count under whom, and who decided that.
ALTER TABLE beneficiaries ADD COLUMN merged_into TEXT REFERENCES beneficiaries (id);
CREATE INDEX beneficiaries_by_survivor ON beneficiaries (merged_into)
    WHERE merged_into IS NOT NULL;

CREATE TABLE beneficiary_merges (
    beneficiary  TEXT      NOT NULL REFERENCES beneficiaries (id),
    step         INTEGER   NOT NULL CHECK (step > 0),
    verb         TEXT      NOT NULL CHECK (verb IN ('propose', 'approve', 'reject', 'unmerge')),
    survivor     TEXT      NOT NULL REFERENCES beneficiaries (id),
    actor        TEXT      NOT NULL,
    effective_on DATE      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    sequence     BIGINT    NOT NULL,
    reason       TEXT,
    PRIMARY KEY (beneficiary, step),
    CHECK (beneficiary <> survivor)
);

CREATE TRIGGER beneficiary_merges_keep_update BEFORE UPDATE ON beneficiary_merges
BEGIN SELECT RAISE(ABORT, 'beneficiary_merges are never changed'); END;
CREATE TRIGGER beneficiary_merges_keep_delete BEFORE DELETE ON beneficiary_merges
BEGIN SELECT RAISE(ABORT, 'beneficiary_merges are never deleted'); END;
