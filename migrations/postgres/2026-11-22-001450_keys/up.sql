-- The embedded engine keeps three tables without row ids; here that is nothing to ask for.
SELECT 1;
