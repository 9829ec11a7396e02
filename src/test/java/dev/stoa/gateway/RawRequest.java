package dev.stoa.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;

/**
 * A request written byte by byte on a connection of its own, so that nothing is corrected on its
 * way.
 */
final class RawRequest {
  private final int port;
  private final StringBuilder head = new StringBuilder();
  private String body = "";

  RawRequest(int port, String method, String target) {
    this.port = port;
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    header("Host", "gateway.test");
    header("Connection", "close");
  }

  RawRequest header(String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
    return this;
  }

  RawRequest token(String authorization) {
    return header("Authorization", authorization);
  }

  RawRequest json(String text) {
    header("Content-Type", "application/json");
    return body(text);
  }

  RawRequest body(String text) {
    body = text;
    return header("Content-Length", Integer.toString(text.getBytes(UTF_8).length));
  }

  RawResponse send() throws IOException {
    return exchange(port, head + "\r\n" + new String(body.getBytes(UTF_8), ISO_8859_1));
  }

  /** Sends these bytes and reads until the connection closes. */
  static RawResponse exchange(int port, String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return RawResponse.parse(new String(socket.getInputStream().readAllBytes(), UTF_8));
    }
  }
}
