-- Looked at no sooner than at the commit, which is how a test makes one fail.
CREATE TABLE notes (
  item_id TEXT NOT NULL REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED
);
