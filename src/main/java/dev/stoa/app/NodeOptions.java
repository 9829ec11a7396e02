package dev.stoa.app;

import dev.stoa.service.Identity;
import dev.stoa.service.Tokens;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which running node a command asks, and as whom. */
final class NodeOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the node to ask (where this configuration lets the gateway listen)")
  private URI url;

  @Option(
      names = "--as",
      paramLabel = "T",
      defaultValue = "${env:STOA_ADMIN_TOKEN}",
      description =
          "the token of an admin, for asking the node (STOA_ADMIN_TOKEN; else one is made)")
  private String admin;

  URI node(StoaConfig config) {
    return url == null ? URI.create("http://" + config.address(Role.GATEWAY)) : url;
  }

  /** Questions to the node; as an admin, since who can read the key of the tokens may sign one. */
  NodeQuestion questions(Vertx vertx, StoaConfig config) {
    return new NodeQuestion(node(config), token(vertx, config));
  }

  private String token(Vertx vertx, StoaConfig config) {
    if (admin != null && !admin.isBlank()) {
      return admin;
    }
    try {
      Identity operator = new Identity("operator", "operator", Set.of(Identity.ADMIN));
      return new Tokens(vertx, config::auth, InstantSource.system()).issue(operator).token();
    } catch (RuntimeException noKeyThatSigns) {
      return "";
    }
  }
}
