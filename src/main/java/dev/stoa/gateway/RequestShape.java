package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Refuses what the server takes but two servers in a row may understand differently (RFC 9112,
 * sections 3.2, 5 and 6.1).
 */
final class RequestShape {
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=%-]+|\\[[0-9A-Fa-f:.]+])?(:[0-9]{0,5})?");

  private RequestShape() {}

  /** Checks head and target. */
  static RequestPath check(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (!Methods.KNOWN.contains(request.method())) {
      throw Refusals.methodNotAllowed(Methods.KNOWN);
    }
    if (headers.contains("")) {
      throw malformed("A header field has no name.");
    }
    if (headers.getAll(HttpHeaders.AUTHORIZATION).size() > 1) {
      throw malformed("There must be one Authorization field.");
    }
    if (request.version() != HttpVersion.HTTP_2) {
      checkHost(request);
      checkFraming(request);
    }
    return RequestPath.parse(request.uri());
  }

  private static void checkHost(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    boolean optional = request.version() == HttpVersion.HTTP_1_0;
    if (hosts.size() > 1
        || hosts.isEmpty() && !optional
        || hosts.size() == 1 && !HOST.matcher(hosts.get(0)).matches()) {
      throw malformed("There must be one well-formed Host field.");
    }
  }

  private static void checkFraming(HttpServerRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    boolean chunked = codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked");
    if (!codings.isEmpty() && (!chunked || request.version() == HttpVersion.HTTP_1_0)) {
      throw malformed("The only transfer coding taken is chunked.");
    }
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(ProblemType.MALFORMED_REQUEST, detail);
  }
}
