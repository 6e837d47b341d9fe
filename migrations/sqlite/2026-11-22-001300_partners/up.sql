-- Organisations that write into these books from outside, and the clients they do it with. Of a
-- client's secrets only hashes are kept: two at most, so that one can be replaced in use.
CREATE TABLE partners (
    code        TEXT      NOT NULL PRIMARY KEY REFERENCES organisations (code),
    scopes      TEXT      NOT NULL,
    status      TEXT      NOT NULL CHECK (status IN ('active', 'disabled')),
    recorded_at TIMESTAMP NOT NULL,
    version     INTEGER   NOT NULL
);

CREATE TABLE clients (
    id                 TEXT      NOT NULL PRIMARY KEY,
    partner            TEXT      NOT NULL REFERENCES partners (code),
    programs           TEXT      NOT NULL,
    scopes             TEXT      NOT NULL,
    secret             TEXT      NOT NULL,
    secret_made_at     TIMESTAMP NOT NULL,
    old_secret         TEXT,
    old_secret_made_at TIMESTAMP,
    status             TEXT      NOT NULL CHECK (status IN ('active', 'disabled')),
    session_version    BIGINT    NOT NULL,
    last_used_at       TIMESTAMP,
    recorded_at        TIMESTAMP NOT NULL,
    version            INTEGER   NOT NULL,
    CHECK ((old_secret IS NULL) = (old_secret_made_at IS NULL))
);
CREATE INDEX clients_by_partner ON clients (partner);
