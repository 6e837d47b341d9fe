-- The embedded engine keeps three more tables without row ids; here that is nothing to ask for. What a
-- person stands at in their scopes lies side by side: whoever is paid changes all of it.

ALTER TABLE people DROP CONSTRAINT people_pkey;
ALTER TABLE people ADD PRIMARY KEY (person, scope);
