package dev.stoa.discovery;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ConsulClientOptions;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;

/** Makes clients of one Consul agent. */
final class ConsulClients {
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Consul adds up to a sixteenth to the time that it holds a question. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private static final int CONNECT_MILLIS = 2_000;

  private final Vertx vertx;
  private final ConsulConfig config;

  ConsulClients(Vertx vertx, ConsulConfig config) {
    this.vertx = vertx;
    this.config = config;
  }

  /** For questions that are answered at once. */
  ConsulClient quick() {
    return ConsulClient.create(vertx, options(SHORT));
  }

  /**
   * For a question that waits for changes. Each such question needs a client of its own: one client
   * has five connections, and a question holds one.
   */
  ConsulClient patient() {
    return ConsulClient.create(
        vertx, options(config.patience().plus(config.patience().dividedBy(16)).plus(SLACK)));
  }

  /** For what the client of Vert.x cannot say. */
  WebClient plain() {
    return WebClient.create(vertx, options(SHORT));
  }

  private ConsulClientOptions options(Duration timeout) {
    ConsulClientOptions options = new ConsulClientOptions();
    options.setHost(config.host()).setPort(config.port()).setTimeout(timeout.toMillis());
    options.setConnectTimeout(CONNECT_MILLIS);
    config.datacenter().ifPresent(options::setDc);
    config.token().ifPresent(options::setAclToken);
    config.tls().ifPresent(tls -> encrypt(options, tls));
    return options;
  }

  private static void encrypt(ConsulClientOptions options, ConsulConfig.Tls tls) {
    options.setSsl(true).setVerifyHost(tls.verifyHost());
    tls.ca().ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca)));
    tls.client()
        .ifPresent(
            own ->
                options.setKeyCertOptions(
                    new PemKeyCertOptions().addCertPath(own.cert()).addKeyPath(own.key())));
  }
}
