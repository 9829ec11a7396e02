package dev.stoa.idempotency;

/**
 * The right to do the work of one key, for whoever holds it until it is kept, freed, released or
 * left. Immutable.
 *
 * @param keyHash whose
 * @param id of this attempt; who has lost the claim cannot write with it any more
 * @param workId for what the work makes: the same for each attempt under the key
 * @param again whether an earlier attempt may have done some of it
 */
public record Claim(String keyHash, String id, String workId, boolean again) implements Admission {}
