package dev.stoa.idempotency;

/** What becomes of a request with a key: it is worked on, or its answer is there already. */
public sealed interface Admission permits Claim, KeptReply {}
