package dev.stoa.discovery;

/**
 * An instance in the order in which a request would get it.
 *
 * @param candidate whether it is picked among; the others come only after all of these
 * @param reason why it stands where it stands, for people
 */
public record Ranked(InstanceStatus status, boolean candidate, String reason) {}
