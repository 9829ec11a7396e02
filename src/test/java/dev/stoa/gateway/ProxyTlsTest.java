package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  @Test
  void refusesStrangersAndWrongNames() throws Exception {
    SelfSignedCertificate wrongName = SelfSignedCertificate.create("elsewhere.test");
    for (ProxyFixture proxy :
        new ProxyFixture[] {
          new ProxyFixture(),
          new ProxyFixture(UpstreamClient.SETTINGS.withTrust(wrongName.trustOptions()))
        }) {
      served(proxy, wrongName, "localhost");

      try (Talk client = proxy.client()) {
        assertTrue(client.say(GET).head().startsWith("HTTP/1.1 502 "));
      }
      proxy.close();
    }
  }
}
