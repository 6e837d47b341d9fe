-- Pledges (대외 약속): what was promised in public, what came of it, and every slip with its reason.
-- The PostgreSQL tree holds the same tables, columns and keys under the same name.

-- What a pledge stands at follows from its steps and the books: nothing here is a sum or a state.
CREATE TABLE pledges (
    id               TEXT      NOT NULL PRIMARY KEY,
    book             BIGINT    NOT NULL REFERENCES books (book),
    title            TEXT      NOT NULL,
    statement        TEXT      NOT NULL,
    owner            TEXT,
    counterpart      TEXT      REFERENCES organisations (code),
    basis            TEXT,
    source_title     TEXT      NOT NULL,
    source_date      DATE      NOT NULL,
    source_url       TEXT,
    due_on           DATE,
    target_metric    TEXT,
    target_program   TEXT      REFERENCES programs (code),
    target_fund      TEXT      REFERENCES funds (code),
    target_value     BIGINT    CHECK (target_value > 0),
    target_starts_on DATE,
    target_path      TEXT      CHECK (target_path IN ('straight_line', 'plan')),
    recorded_by      TEXT      NOT NULL,
    recorded_at      TIMESTAMP NOT NULL,
    version          INTEGER   NOT NULL CHECK (version > 0),
    CHECK (target_program IS NULL OR target_fund IS NULL)
);

-- What each milestone was when it was promised; never changed.
CREATE TABLE pledge_milestones (
    pledge  TEXT    NOT NULL REFERENCES pledges (id),
    number  INTEGER NOT NULL CHECK (number > 0),
    title   TEXT    NOT NULL,
    due_on  DATE,
    made_on DATE    NOT NULL,
    PRIMARY KEY (pledge, number)
);

-- What was done to a pledge, step by step; without a milestone, to the pledge itself.
CREATE TABLE pledge_steps (
    pledge       TEXT      NOT NULL REFERENCES pledges (id),
    step         INTEGER   NOT NULL CHECK (step > 0),
    verb         TEXT      NOT NULL CHECK (verb IN ('make', 'edit', 'add_milestone', 'review',
        'reschedule', 'confirm', 'withdraw')),
    milestone    INTEGER   CHECK (milestone > 0),
    actor        TEXT      NOT NULL,
    effective_on DATE      NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    sequence     BIGINT    NOT NULL,
    status       TEXT      CHECK (status IN ('scheduled', 'met', 'partly_met', 'not_met')),
    met_on       DATE,
    due_from     DATE,
    due_on       DATE,
    organisation TEXT      REFERENCES organisations (code),
    note         TEXT,
    evidence_url TEXT,
    reference    TEXT,
    PRIMARY KEY (pledge, step)
);

CREATE TRIGGER pledge_milestones_keep_update BEFORE UPDATE ON pledge_milestones
BEGIN SELECT RAISE(ABORT, 'pledge_milestones are never changed'); END;
CREATE TRIGGER pledge_milestones_keep_delete BEFORE DELETE ON pledge_milestones
BEGIN SELECT RAISE(ABORT, 'pledge_milestones are never deleted'); END;
CREATE TRIGGER pledge_steps_keep_update BEFORE UPDATE ON pledge_steps
BEGIN SELECT RAISE(ABORT, 'pledge_steps are never changed'); END;
CREATE TRIGGER pledge_steps_keep_delete BEFORE DELETE ON pledge_steps
BEGIN SELECT RAISE(ABORT, 'pledge_steps are never deleted'); END;
