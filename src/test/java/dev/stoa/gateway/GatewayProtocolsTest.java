package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import org.junit.jupiter.api.Test;

/** The whole chain with other protocols than plain HTTP/1.1. */
class GatewayProtocolsTest {
  private static final String ROUTES =
      """
      {"gateway": {"http2": true},
       "routes": [{"name": "users", "path": "/users/*", "target": "http://127.0.0.1:UPSTREAM"}]}
      """;

  @Test
  void guardsAndPassesWebSockets() {
    try (GatewayFixture gateway =
        new GatewayFixture(
            ROUTES,
            request ->
                request
                    .toWebSocket()
                    .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage)))) {
      WebSocketClient client = gateway.vertx.createWebSocketClient();
      WebSocketConnectOptions options =
          new WebSocketConnectOptions()
              .setHost("127.0.0.1")
              .setPort(gateway.port())
              .setURI("/users/live");

      int refused =
          GatewayFixture.await(
              client
                  .connect(options)
                  .map(socket -> 101)
                  .recover(
                      cause ->
                          Future.succeededFuture(((UpgradeRejectedException) cause).getStatus())));
      assertEquals(401, refused);

      Promise<String> echo = Promise.promise();
      WebSocket socket =
          GatewayFixture.await(
              client
                  .connect(options.addHeader("Authorization", gateway.bearer("u1")))
                  .onSuccess(
                      open -> {
                        open.textMessageHandler(echo::complete);
                        open.writeTextMessage("hello");
                      }));

      assertEquals("hello", GatewayFixture.await(echo.future()));
      GatewayFixture.await(socket.close());
    }
  }

  @Test
  void speaksHttp2WhereItIsTold() {
    try (GatewayFixture gateway = new GatewayFixture(ROUTES)) {
      HttpClientAgent client =
          gateway.vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));

      assertEquals("401", http2(client, gateway, null, "body"));
      assertEquals("200 body", http2(client, gateway, gateway.bearer("u1"), "body"));
      assertEquals("401", http2(client, gateway, null, "x".repeat(100_000)));
      assertEquals("200 again", http2(client, gateway, gateway.bearer("u1"), "again"));
    }
  }

  private static String http2(
      HttpClient client, GatewayFixture gateway, String token, String body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI("/users/1");
    if (token != null) {
      options.putHeader("Authorization", token);
    }
    return GatewayFixture.await(
        client
            .request(options)
            .compose(
                request ->
                    request
                        .send(Buffer.buffer(body))
                        .compose(
                            response ->
                                response
                                    .body()
                                    .map(
                                        text ->
                                            response.statusCode() == 200
                                                ? "200 " + text.toJsonObject().getString("body")
                                                : "" + response.statusCode()))));
  }
}
