CREATE TABLE payments (
  payment_id      TEXT   NOT NULL PRIMARY KEY,
  order_id        TEXT   NOT NULL,
  user_id         TEXT   NOT NULL,
  amount_minor    BIGINT NOT NULL CHECK (amount_minor >= 0),
  currency        TEXT   NOT NULL,
  method          TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  status          TEXT   NOT NULL,
  -- Given back, and on its way back: together never more than was paid.
  refunded_minor  BIGINT NOT NULL,
  refunding_minor BIGINT NOT NULL,
  -- From when on the sweep attends to it; null while there is nothing left to do.
  attend_from     BIGINT,
  CHECK (refunded_minor >= 0 AND refunding_minor >= 0
         AND refunded_minor + refunding_minor <= amount_minor)
);

-- An order is paid once.
CREATE UNIQUE INDEX payments_one_per_order ON payments (order_id)
  WHERE status IN ('pending', 'completed', 'partially_refunded');
CREATE INDEX payments_of_order ON payments (order_id, payment_id);
CREATE INDEX payments_of_user ON payments (user_id, payment_id);
CREATE INDEX payments_to_attend ON payments (attend_from) WHERE attend_from IS NOT NULL;

CREATE TABLE refunds (
  refund_id    TEXT   NOT NULL PRIMARY KEY,
  payment_id   TEXT   NOT NULL REFERENCES payments (payment_id),
  amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
  status       TEXT   NOT NULL CHECK (status IN ('pending', 'completed', 'refused')),
  created_at   BIGINT NOT NULL
);

CREATE INDEX refunds_of_payment ON refunds (payment_id);
