package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether connections to the server are encrypted, and what of it is believed: {@code sslmode} and
 * {@code sslrootcert} as PostgreSQL names them (libpq, section 32.19).
 *
 * @param authorities a PEM file of those who may vouch for the server; without use unless it is
 *     verified
 */
record PostgresTls(Mode mode, Optional<Path> authorities) {
  static final PostgresTls NONE = new PostgresTls(Mode.DISABLE, Optional.empty());
  static final String MODE = "sslmode";
  static final String AUTHORITIES = "sslrootcert";

  enum Mode {
    /** In the clear. */
    DISABLE(SslMode.DISABLE),
    /** Encrypted, to whoever answers. */
    REQUIRE(SslMode.REQUIRE),
    /** To a server for which an authority vouches. */
    VERIFY_CA(SslMode.VERIFY_CA),
    /** And that is the host by whose name it is called. */
    VERIFY_FULL(SslMode.VERIFY_FULL);

    private final SslMode client;

    Mode(SslMode client) {
      this.client = client;
    }

    static Optional<Mode> of(String text) {
      return Arrays.stream(values()).filter(mode -> mode.text().equals(text)).findFirst();
    }

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_FULL;
    }
  }

  /** What the parameters of a URL say; empty where one of them is none of these. */
  static Optional<PostgresTls> of(Map<String, String> parameters) {
    if (!parameters.keySet().stream().allMatch(k -> k.equals(MODE) || k.equals(AUTHORITIES))) {
      return Optional.empty();
    }
    Optional<Path> authorities = Optional.ofNullable(parameters.get(AUTHORITIES)).map(Path::of);
    return Mode.of(parameters.getOrDefault(MODE, "disable"))
        .map(mode -> new PostgresTls(mode, authorities));
  }

  /** With what the keys of section {@code database} say instead; notes what cannot be used. */
  PostgresTls with(ConfigReader database) {
    Optional<Mode> wanted = database.string(MODE).flatMap(Mode::of);
    if (database.has(MODE) && wanted.isEmpty()) {
      database.error(MODE, "disable, require, verify-ca or verify-full");
    }
    PostgresTls tls =
        new PostgresTls(
            wanted.orElse(mode), database.string(AUTHORITIES).map(Path::of).or(() -> authorities));
    if (tls.mode.verifies() && tls.authorities.isEmpty()) {
      database.error(AUTHORITIES, "a PEM file with the authorities of sslmode " + tls.mode.text());
    }
    tls.authorities
        .filter(file -> !Files.isReadable(file))
        .ifPresent(file -> database.error(AUTHORITIES, "a file that can be read"));
    return tls;
  }

  void applyTo(PgConnectOptions connect) {
    connect.setSslMode(mode.client);
    if (mode == Mode.DISABLE) {
      return;
    }
    ClientSSLOptions options = new ClientSSLOptions().setTrustAll(!mode.verifies());
    options.setHostnameVerificationAlgorithm(mode == Mode.VERIFY_FULL ? "HTTPS" : "");
    if (mode.verifies()) {
      options.setTrustOptions(
          new PemTrustOptions().addCertPath(authorities.orElseThrow().toString()));
    }
    connect.setSslOptions(options);
  }

  /** For JDBC, behind the name of the database. */
  String parameters() {
    String trust =
        mode.verifies()
            ? authorities
                .map(file -> URLEncoder.encode(file.toString(), StandardCharsets.UTF_8))
                .map(file -> "&" + AUTHORITIES + "=" + file)
                .orElse("")
            : "";
    return "?" + MODE + "=" + mode.text() + trust;
  }
}
