-- The trace that an event is part of; null where it was in none.
ALTER TABLE order_events ADD COLUMN trace_id TEXT;
