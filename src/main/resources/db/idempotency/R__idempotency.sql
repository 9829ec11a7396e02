-- What was answered to requests that carried an Idempotency-Key. In the database of whoever does the
-- work; repeatable, so that it stands beside the numbered migrations of any service.
CREATE TABLE IF NOT EXISTS idempotency_keys (
  -- Neither the key nor what was asked can be read back: both are hashed with the secret below.
  key_hash    TEXT    NOT NULL PRIMARY KEY,
  fingerprint TEXT    NOT NULL,
  -- Whoever runs it now, and the id of what it makes, the same for everyone who ever runs it.
  claim_id    TEXT    NOT NULL,
  work_id     TEXT    NOT NULL,
  lease_until BIGINT,
  expires_at  BIGINT  NOT NULL,
  -- The answer; no status while there is none.
  status      INTEGER,
  head        TEXT,
  body        TEXT
);

CREATE INDEX IF NOT EXISTS idempotency_keys_to_forget ON idempotency_keys (expires_at);

CREATE TABLE IF NOT EXISTS idempotency_secret (
  id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  secret TEXT    NOT NULL
);
