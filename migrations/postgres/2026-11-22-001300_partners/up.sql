-- Organisations that write into these books from outside, and the clients they do it with. Of a
-- client's secrets only hashes are kept: two at most, so that one can be replaced in use.
CREATE TABLE partners (
    code        WORD      NOT NULL PRIMARY KEY REFERENCES organisations (code),
    scopes      WORD      NOT NULL,
    status      WORD      NOT NULL CHECK (status IN ('active', 'disabled')),
    recorded_at TIMESTAMP NOT NULL,
    version     INTEGER   NOT NULL
);

CREATE TABLE clients (
    id                 WORD      NOT NULL PRIMARY KEY,
    partner            WORD      NOT NULL REFERENCES partners (code),
    programs           WORD      NOT NULL,
    scopes             WORD      NOT NULL,
    secret             WORD      NOT NULL,
    secret_made_at     TIMESTAMP NOT NULL,
    old_secret         WORD,
    old_secret_made_at TIMESTAMP,
    status             WORD      NOT NULL CHECK (status IN ('active', 'disabled')),
    session_version    BIGINT    NOT NULL,
    last_used_at       TIMESTAMP,
    recorded_at        TIMESTAMP NOT NULL,
    version            INTEGER   NOT NULL,
    CHECK ((old_secret IS NULL) = (old_secret_made_at IS NULL))
);
CREATE INDEX clients_by_partner ON clients (partner);
