package dev.stoa.discovery;

import java.time.Instant;

/**
 * How a registry outside of this process is doing.
 *
 * @param answering whether it answers now
 * @param since since when it does, or does not
 * @param failure why it does not, for operators; empty where it does
 * @param instances how many it lists, or listed last
 * @param missing how many it does not list any more and that are taken for alive for a while
 */
public record RegistryStatus(
    String name, boolean answering, Instant since, String failure, int instances, int missing) {}
