-- Which process was at the payment last: when that is gone, others need not wait for attend_from.
ALTER TABLE payments ADD COLUMN attendant TEXT;

CREATE INDEX payments_unfinished ON payments (payment_id) WHERE attend_from IS NOT NULL;
