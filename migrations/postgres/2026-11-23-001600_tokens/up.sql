-- Users whom an identity provider vouches for: who they are there, and since when its tokens are
-- good. Of the places that a user signed in from with the password, keyed hashes of the last few.
ALTER TABLE users ADD COLUMN subject WORD;
ALTER TABLE users ADD COLUMN tokens_from TIMESTAMP;
ALTER TABLE users ADD COLUMN sources WORD;
CREATE UNIQUE INDEX users_by_subject ON users (subject);

-- Counted up to end every token of a partner's clients.
ALTER TABLE partners ADD COLUMN session_version BIGINT NOT NULL DEFAULT 0;
