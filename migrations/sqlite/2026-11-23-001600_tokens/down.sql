ALTER TABLE partners DROP COLUMN session_version;
DROP INDEX users_by_subject;
ALTER TABLE users DROP COLUMN sources;
ALTER TABLE users DROP COLUMN tokens_from;
ALTER TABLE users DROP COLUMN subject;
