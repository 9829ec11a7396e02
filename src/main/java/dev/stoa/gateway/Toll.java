package dev.stoa.gateway;

import dev.stoa.limits.Limit;
import dev.stoa.limits.Verdict;

/**
 * What a limit said to a request.
 *
 * @param policy the limit's name, as clients are told it
 * @param subject who is limited: {@code user:…} or {@code address:…}
 */
record Toll(String policy, String subject, Limit limit, Verdict verdict) {}
