package dev.stoa.discovery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this process knows of one instance from calling it.
 *
 * @param inFlight requests that it has not answered in full yet
 * @param successes since it is known
 * @param failures the same
 * @param consecutiveFailures since the last success; while it is ejected, one less than ejects
 * @param latency until the head of an answer, as a moving average; zero before the first
 * @param ejectedUntil empty where it is not ejected
 * @param ejections how often in a row, for the time of the next
 * @param health what active checks say
 */
public record InstanceStatus(
    ServiceInstance instance,
    int inFlight,
    long successes,
    long failures,
    int consecutiveFailures,
    Optional<CallFailure> lastFailure,
    Duration latency,
    Optional<Instant> ejectedUntil,
    int ejections,
    Health health) {

  /** The result of active health checks. */
  public enum Health {
    /** Not checked, or not often enough yet; counts as healthy. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
  }
}
