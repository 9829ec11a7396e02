-- The books of the simulated payment provider, who is somebody else: it has its own database.
CREATE TABLE charges (
  charge_key     TEXT   NOT NULL PRIMARY KEY,
  amount_minor   BIGINT NOT NULL,
  currency       TEXT   NOT NULL,
  method         TEXT   NOT NULL,
  outcome        TEXT   NOT NULL CHECK (outcome IN ('approved', 'declined')),
  refunded_minor BIGINT NOT NULL CHECK (refunded_minor <= amount_minor)
);

CREATE TABLE refunds (
  refund_key   TEXT   NOT NULL PRIMARY KEY,
  charge_key   TEXT   NOT NULL REFERENCES charges (charge_key),
  amount_minor BIGINT NOT NULL
);
