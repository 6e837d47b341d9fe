-- What auditors look through: the log by time, by who acted and by what happened, whatever the book;
-- and sign-ins and refused requests, counted by the minute.
CREATE INDEX events_by_time ON events (recorded_at, book, sequence);
CREATE INDEX events_by_actor ON events (actor, recorded_at, book, sequence, kind);
CREATE INDEX events_by_kind ON events (kind, recorded_at, book, sequence);

-- Not part of the books: it is swept, and a crash loses the last seconds. An account is an id where
-- it is known; a name that nobody has stands as a keyed hash.
CREATE TABLE access_events (
    id           WORD      NOT NULL PRIMARY KEY,
    kind         WORD      NOT NULL CHECK (kind IN ('signed_in', 'sign_in_refused', 'refused')),
    account      WORD,
    known        BOOLEAN   NOT NULL,
    source       WORD,
    operation    WORD,
    status       INTEGER,
    code         WORD,
    times        BIGINT    NOT NULL CHECK (times > 0),
    first_at     TIMESTAMP NOT NULL,
    last_at      TIMESTAMP NOT NULL,
    last_request WORD      NOT NULL,
    CHECK (NOT known OR account IS NOT NULL)
);
CREATE INDEX access_events_by_time ON access_events (first_at, id);
CREATE INDEX access_events_by_account ON access_events (account, first_at, id);
CREATE INDEX access_events_by_source ON access_events (source, first_at, id);
CREATE INDEX access_events_by_code ON access_events (code, first_at, id);
CREATE INDEX access_events_by_known ON access_events (known, first_at, id);
