package dev.stoa.observability;

import dev.stoa.config.ConfigReader;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where traces go: {@code tracing} of the configuration.
 *
 * @param endpoint of a collector that takes OTLP over HTTP, with the path for traces
 * @param headers sent with each batch; secrets
 * @param sampling the share of new traces that is recorded, 0 to 1; those that come with a decision
 *     keep it
 * @param serviceName what the gateway is called there; the services have their own names
 * @param incoming whose {@code traceparent} the gateway continues
 */
public record TracingConfig(
    boolean enabled,
    URI endpoint,
    Map<String, String> headers,
    Duration timeout,
    double sampling,
    String serviceName,
    Incoming incoming) {

  /** Whose traces are continued. */
  public enum Incoming {
    /** Nobody's. */
    NEVER,
    /** Those of our proxies: {@code gateway.trusted_proxies}. */
    TRUSTED,
    ALWAYS
  }

  private static final String PATH = "/v1/traces";
  private static final String STANDARD = "http://127.0.0.1:4318";

  public TracingConfig {
    headers = Map.copyOf(headers);
  }

  public static TracingConfig from(ConfigReader root) {
    ConfigReader own = root.section("tracing");
    ConfigReader otlp = own.section("otlp");
    ConfigReader fields = otlp.section("headers");
    Map<String, String> headers = new TreeMap<>();
    fields.keys().forEach(name -> headers.put(name, fields.string(name, "")));
    Duration timeout = otlp.duration("timeout", Duration.ofSeconds(5));
    if (timeout.toMillis() < 1) {
      otlp.error("timeout", "more than zero");
      timeout = Duration.ofSeconds(5);
    }
    return new TracingConfig(
        own.bool("enabled", false),
        endpoint(otlp),
        headers,
        timeout,
        own.decimal("sampling", 1, 0, 1),
        own.string("service_name", "stoa"),
        own.oneOf("incoming", Incoming.class, Incoming.TRUSTED));
  }

  /** Never the headers themselves. */
  @Override
  public String toString() {
    return "TracingConfig[" + enabled + " " + endpoint + " " + headers.keySet() + "]";
  }

  private static URI endpoint(ConfigReader otlp) {
    String text = otlp.string("endpoint", STANDARD);
    try {
      URI uri = URI.create(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/$", "");
        return path.endsWith(PATH) ? uri : uri.resolve(path + PATH);
      }
    } catch (IllegalArgumentException malformed) {
      // said below
    }
    otlp.error("endpoint", "a URL like " + STANDARD + ", without a user");
    return URI.create(STANDARD + PATH);
  }
}
