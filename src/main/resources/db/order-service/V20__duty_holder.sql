-- Which process was at the step last: when that is gone, others need not wait for duty_from.
ALTER TABLE orders ADD COLUMN duty_holder TEXT;
