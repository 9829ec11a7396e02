package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProxyTlsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private static void served(ProxyFixture proxy, SelfSignedCertificate certificate, String host) {
    int port =
        ProxyFixture.await(
                proxy
                    .vertx
                    .createHttpServer(
                        new HttpServerOptions()
                            .setSsl(true)
                            .setSni(true)
                            .setKeyCertOptions(certificate.keyCertOptions()))
                    .exceptionHandler(refused -> {})
                    .requestHandler(
                        request ->
                            request
                                .response()
                                .end("https for " + request.connection().indicatedServerName()))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    proxy.tls = true;
    proxy.at(port, host);
  }

  @Test
  void speaksTlsToUpstreamsWhoseCertificateFits() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    ProxyFixture proxy =
        new ProxyFixture(UpstreamClient.SETTINGS.withTrust(certificate.trustOptions()));
    served(proxy, certificate, "localhost");

    try (Talk client = proxy.client()) {
      assertTrue(client.say(GET).head().startsWith("HTTP/1.1 200 "));
      assertEquals("https for ", client.read(10));
    }
    proxy.close();
  }

  /** Many names may stand behind one address (RFC 6066, section 3). */
  @Test
  void tellsTheUpstreamByWhichNameItIsMeant() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("shop.test");
    ProxyFixture proxy =
        new ProxyFixture(UpstreamClient.SETTINGS.withTrust(certificate.trustOptions()));
    served(proxy, certificate, "shop.test");

    try (Talk client = proxy.client()) {
      assertTrue(client.say(GET).head().startsWith("HTTP/1.1 200 "));
      assertEquals("https for shop.test", client.read(19));
    }
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({
    "false, unable to find valid certification path to requested target",
    "true, No name matching localhost found"
  })
  void refusesStrangersAndWrongNamesAndTellsTheOperatorWhyOnce(boolean known, String reason)
      throws Exception {
    SelfSignedCertificate wrongName = SelfSignedCertificate.create("elsewhere.test");
    ProxyFixture proxy =
        known
            ? new ProxyFixture(UpstreamClient.SETTINGS.withTrust(wrongName.trustOptions()))
            : new ProxyFixture();
    served(proxy, wrongName, "localhost");

    for (int i = 0; i < 2; i++) {
      try (Talk client = proxy.client()) {
        assertTrue(client.say(GET).head().startsWith("HTTP/1.1 502 "));
      }
    }

    List<String> told = proxy.complaints();
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.get(0).startsWith("localhost:"), told::toString);
    assertTrue(told.get(0).endsWith("is refused over TLS: " + reason), told::toString);
    proxy.close();
  }
}
