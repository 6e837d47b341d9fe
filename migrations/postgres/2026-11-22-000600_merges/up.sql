-- People found to be one: whose entries count under whom, and who decided that.
ALTER TABLE beneficiaries ADD COLUMN merged_into WORD REFERENCES beneficiaries (id);
CREATE INDEX beneficiaries_by_survivor ON beneficiaries (merged_into)
    WHERE merged_into IS NOT NULL;

CREATE TABLE beneficiary_merges (
    beneficiary  WORD      NOT NULL REFERENCES beneficiaries (id),
    step         INTEGER   NOT NULL CHECK (step > 0),
    verb         WORD      NOT NULL CHECK (verb IN ('propose', 'approve', 'reject', 'unmerge')),
    survivor     WORD      NOT NULL REFERENCES beneficiaries (id),
    actor        WORD      NOT NULL,
    effective_on DATE      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    sequence     BIGINT    NOT NULL,
    reason       WORD,
    PRIMARY KEY (beneficiary, step),
    CHECK (beneficiary <> survivor)
);

CREATE TRIGGER beneficiary_merges_keep_update BEFORE UPDATE ON beneficiary_merges
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER beneficiary_merges_keep_delete BEFORE DELETE ON beneficiary_merges
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER beneficiary_merges_keep_truncate BEFORE TRUNCATE ON beneficiary_merges
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
