-- Pledges (대외 약속): what was promised in public, what came of it, and every slip with its reason.
-- The SQLite tree holds the same tables, columns and keys under the same name.

-- What a pledge stands at follows from its steps and the books: nothing here is a sum or a state.
CREATE TABLE pledges (
    id               WORD      NOT NULL PRIMARY KEY,
    book             BIGINT    NOT NULL REFERENCES books (book),
    title            WORD      NOT NULL,
    statement        WORD      NOT NULL,
    owner            WORD,
    counterpart      WORD      REFERENCES organisations (code),
    basis            WORD,
    source_title     WORD      NOT NULL,
    source_date      DATE      NOT NULL,
    source_url       WORD,
    due_on           DATE,
    target_metric    WORD,
    target_program   WORD      REFERENCES programs (code),
    target_fund      WORD      REFERENCES funds (code),
    target_value     BIGINT    CHECK (target_value > 0),
    target_starts_on DATE,
    target_path      WORD      CHECK (target_path IN ('straight_line', 'plan')),
    recorded_by      WORD      NOT NULL,
    recorded_at      TIMESTAMP NOT NULL,
    version          INTEGER   NOT NULL CHECK (version > 0),
    CHECK (target_program IS NULL OR target_fund IS NULL)
);

-- What each milestone was when it was promised; never changed.
CREATE TABLE pledge_milestones (
    pledge  WORD    NOT NULL REFERENCES pledges (id),
    number  INTEGER NOT NULL CHECK (number > 0),
    title   WORD    NOT NULL,
    due_on  DATE,
    made_on DATE    NOT NULL,
    PRIMARY KEY (pledge, number)
);

-- What was done to a pledge, step by step; without a milestone, to the pledge itself.
CREATE TABLE pledge_steps (
    pledge       WORD      NOT NULL REFERENCES pledges (id),
    step         INTEGER   NOT NULL CHECK (step > 0),
    verb         WORD      NOT NULL CHECK (verb IN ('make', 'edit', 'add_milestone', 'review',
        'reschedule', 'confirm', 'withdraw')),
    milestone    INTEGER   CHECK (milestone > 0),
    actor        WORD      NOT NULL,
    effective_on DATE      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    sequence     BIGINT    NOT NULL,
    status       WORD      CHECK (status IN ('scheduled', 'met', 'partly_met', 'not_met')),
    met_on       DATE,
    due_from     DATE,
    due_on       DATE,
    organisation WORD      REFERENCES organisations (code),
    note         WORD,
    evidence_url WORD,
    reference    WORD,
    PRIMARY KEY (pledge, step)
);

CREATE TRIGGER pledge_milestones_keep_update BEFORE UPDATE ON pledge_milestones
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pledge_milestones_keep_delete BEFORE DELETE ON pledge_milestones
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER pledge_milestones_keep_truncate BEFORE TRUNCATE ON pledge_milestones
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER pledge_steps_keep_update BEFORE UPDATE ON pledge_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pledge_steps_keep_delete BEFORE DELETE ON pledge_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER pledge_steps_keep_truncate BEFORE TRUNCATE ON pledge_steps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
