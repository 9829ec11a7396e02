package dev.stoa.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stoa.upstream.PoolFixture.Asked;
import dev.stoa.upstream.PoolFixture.Peer;
import io.vertx.core.net.SelfSignedCertificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections over TLS end: TLS says so itself, or somebody has cut them. */
@Timeout(60)
class TlsEndTest {
  private static final String UNTIL_CLOSED = "HTTP/1.1 200 OK\r\n\r\nok";

  private static SelfSignedCertificate certificate; // takes a while to make

  private PoolFixture fixture;
  private Peer tcp;
  private Peer tls;

  @BeforeAll
  static void certify() {
    certificate = SelfSignedCertificate.create("localhost");
  }

  @BeforeEach
  void start() throws Exception {
    PoolSettings one =
        PoolSettings.DEFAULT.withConnections(1).withTrust(certificate.trustOptions());
    fixture = new PoolFixture(one, certificate);
  }

  @AfterEach
  void stop() throws Exception {
    tcp.close();
    fixture.close();
  }

  /** One who has sent a GET to a server that speaks this version. */
  private Asked asked(String version) throws Exception {
    CompletableFuture<Void> ready =
        CompletableFuture.runAsync(
            () -> {
              try {
                tcp = fixture.accept();
                tls = fixture.secured(tcp, version);
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    Asked asked = fixture.get();
    ready.get(20, TimeUnit.SECONDS);
    tls.head();
    return asked;
  }

  /** The server answers, and what it says is there: a body of "ok" at least. */
  private void begin(Asked asked, String answer) throws Exception {
    tls.say(answer);
    asked.expect("answered");
    asked.expect("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anAnswerWithoutLengthIsWholeWhereItsEndIsSaid(String version) throws Exception {
    Asked asked = asked(version);
    begin(asked, UNTIL_CLOSED);

    tls.end();

    asked.expect("end");
    tls.untilGone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anAnswerWithoutLengthIsBrokenWhereItsEndIsNotSaid(String version) throws Exception {
    Asked asked = asked(version);
    begin(asked, UNTIL_CLOSED);

    tcp.end();

    asked.expect("failed: ConnectionClosedException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anAnswerThatSaysItsEndTooEarlyIsBroken(String version) throws Exception {
    Asked asked = asked(version);
    begin(asked, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok");

    tls.end();

    asked.expect("failed: ConnectionClosedException");
    tls.untilGone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anIdleConnectionWhoseEndIsSaidIsNotUsedAgain(String version) throws Exception {
    Asked first = asked(version);
    begin(first, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    first.expect("end");

    tls.end();
    tls.untilGone();

    Asked second = asked(version);
    assertFalse(second.call.reused());
    assertEquals(2, fixture.opened.get());
  }
}
