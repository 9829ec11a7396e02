-- How often it was attended to in vain.
ALTER TABLE payments ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;

-- What is to be told on the event bus: written with the change, deleted when told.
CREATE TABLE outbox (
  event_id TEXT   NOT NULL PRIMARY KEY,
  type     TEXT   NOT NULL,
  subject  TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  body     TEXT   NOT NULL
);
