CREATE TABLE outbox (
  event_id TEXT   NOT NULL PRIMARY KEY,
  type     TEXT   NOT NULL,
  subject  TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  body     TEXT   NOT NULL
);
