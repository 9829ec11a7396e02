package dev.stoa.observability;

/**
 * What the parts of the system tell of what they do. One per process, made before everything that
 * has something to tell.
 */
public record Telemetry(Metrics metrics, Tracing tracing) {

  /** Counts there, and traces nothing until it is told to. */
  public Telemetry(Metrics metrics) {
    this(metrics, new Tracing(metrics));
  }

  /** One that nobody looks at. */
  public static Telemetry unwatched() {
    return new Telemetry(new Metrics());
  }
}
