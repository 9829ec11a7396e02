package dev.stoa.idempotency;

/**
 * An answer as it is kept.
 *
 * @param head header fields, in the form of whoever keeps it
 * @param body the same; null for none
 */
public record KeptReply(int status, String head, String body) implements Admission {}
