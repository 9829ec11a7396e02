-- Who may do what only one process at a time is to do in this database, and which processes are at it
-- ('node:…', held by that process itself); repeatable, so that it stands beside the numbered
-- migrations of any service. Times are those of the database's own clock. The epoch grows whenever a
-- lease changes hands.
CREATE TABLE IF NOT EXISTS leases (
  name       TEXT   NOT NULL PRIMARY KEY,
  holder     TEXT   NOT NULL,
  epoch      BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
