-- The step that is to be taken (duty), how often it was tried and under which key; duty_from is
-- null where trying has ended and an operator has to look, and attention says why.
ALTER TABLE orders ADD COLUMN duty_attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN duty_key TEXT;
ALTER TABLE orders ADD COLUMN attention TEXT;
UPDATE orders SET duty_key = order_id WHERE duty IS NOT NULL;

CREATE INDEX orders_unfinished ON orders (order_id) WHERE duty IS NOT NULL AND duty <> 'EXPIRE';

-- The saga log: which step an event is about, and whether it says that the step will be taken
-- ('intent', written before) or what came of it ('done', 'refused', 'unknown', written after).
ALTER TABLE order_events ADD COLUMN step TEXT;
ALTER TABLE order_events ADD COLUMN phase TEXT;
ALTER TABLE order_events ADD COLUMN attempt BIGINT;
ALTER TABLE order_events ADD COLUMN step_key TEXT;

-- What is to be told on the event bus: written with the change, deleted when told.
CREATE TABLE outbox (
  event_id TEXT   NOT NULL PRIMARY KEY,
  type     TEXT   NOT NULL,
  subject  TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  body     TEXT   NOT NULL
);
