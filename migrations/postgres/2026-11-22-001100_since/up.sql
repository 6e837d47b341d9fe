-- The one day from which somebody counts in a scope, where there is but one: entries that are dated
-- back then need not be held against all that came before.
ALTER TABLE people ADD COLUMN since DATE;
