package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.config.Live;
import dev.stoa.http.Octets;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A line for each exchange, or for a sample of them, in a log of its own ({@value #NAME}): what was
 * asked and answered, for whom and by which instance; never a query, a header or a body. The line
 * is queued, so a slow reader of the log holds nobody up.
 */
final class AccessLog {
  /** The name of its logger. */
  static final String NAME = "access";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);
  private static final int SERVER_ERROR = 500;
  private static final double MILLIS = 1e6;

  /** Failures in a second, on one event loop, that are told beside the sample. */
  private static final int MOST_FAILURES = 100;

  /**
   * {@code access_log} of the configuration.
   *
   * @param sample the share of the exchanges that is told, 0 to 1; those that end with a 5xx are
   *     beside it, up to {@value #MOST_FAILURES} in a second
   */
  record Settings(boolean enabled, double sample) {
    static Settings from(ConfigReader root) {
      ConfigReader own = root.section("access_log");
      return new Settings(own.bool("enabled", false), own.decimal("sample", 1, 0, 1));
    }
  }

  private final Live<Settings> settings;
  private final Ration failures = new Ration(MOST_FAILURES, System::nanoTime);

  AccessLog(Live<Settings> settings) {
    this.settings = settings;
  }

  /** An exchange is over. */
  void tell(Exchange exchange, String method, int status, long nanos) {
    Settings now = settings.get();
    if (!now.enabled()) {
      return;
    }
    long leftOut = failures.leftOut();
    if (leftOut > 0) {
      LOG.atInfo().addKeyValue("left_out", leftOut).log("and {} more with a 5xx", leftOut);
    }
    if (isSampled(now) || status >= SERVER_ERROR && failures.take()) {
      write(exchange, method, status, nanos);
    }
  }

  private static boolean isSampled(Settings now) {
    return now.sample() >= 1 || ThreadLocalRandom.current().nextDouble() < now.sample();
  }

  private static void write(Exchange exchange, String method, int status, long nanos) {
    String path = Octets.printable(exchange.shownPath());
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue("method", method)
            .addKeyValue("path", path)
            .addKeyValue("route", exchange.route())
            .addKeyValue("status", status)
            .addKeyValue("duration_ms", Math.round(nanos / MILLIS * 1e3) / 1e3)
            .addKeyValue("bytes", exchange.request().response().bytesWritten())
            .addKeyValue("client", exchange.client())
            .addKeyValue("request_id", exchange.id());
    exchange.user().ifPresent(user -> line.addKeyValue("user_id", user.userId()));
    if (!exchange.instance().isEmpty()) {
      line.addKeyValue("upstream", exchange.instance());
    }
    if (!exchange.span().traceId().isEmpty()) {
      line.addKeyValue("trace_id", exchange.span().traceId());
    }
    line.log("{} {} {}", method, path, status);
  }
}
