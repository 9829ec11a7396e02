package dev.stoa.gateway;

import dev.stoa.idempotency.KeptReply;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.upstream.Answer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** An upstream's answer to a request with a key: whole, and in the form in which it is kept. */
record KeyedAnswer(int status, MultiMap headers, Buffer body) {
  /** 4xx after which the request need not have been refused before anything was done. */
  private static final Set<Integer> RESULTS = Set.of(400, 402, 422);

  private static final int NOTHING_DONE = 503;

  /** An answer with these header fields of the upstream, those that cross the gateway. */
  static KeyedAnswer of(Answer upstream, Buffer body) {
    MultiMap headers = HttpHeaders.headers();
    HeaderRules.toClient(upstream, headers);
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    return new KeyedAnswer(upstream.status(), headers, body);
  }

  /**
   * The answer that was kept.
   *
   * @throws ProblemException REPLY_NOT_KEPT where there was one that was not
   */
  static KeyedAnswer of(KeptReply kept) {
    if (kept.head() == null) {
      throw new ProblemException(
              ProblemType.REPLY_NOT_KEPT,
              "The same request was answered with "
                  + kept.status()
                  + ", and the answer was too large or too confidential to be kept.")
          .with("first_status", kept.status());
    }
    MultiMap headers = HttpHeaders.headers();
    JsonArray fields = new JsonArray(kept.head());
    for (int i = 0; i < fields.size(); i += 2) {
      headers.add(fields.getString(i), fields.getString(i + 1));
    }
    return new KeyedAnswer(
        kept.status(), headers, Buffer.buffer(Base64.getDecoder().decode(kept.body())));
  }

  /**
   * Whether the upstream may have done something, so that it must not be asked again: it succeeded,
   * or failed in its own ways, or judged what the request says. By all other 4xx, and by 503, it
   * says that it did not go about it.
   */
  boolean isResult() {
    return status < 400 || status >= 500 && status != NOTHING_DONE || RESULTS.contains(status);
  }

  /**
   * As it is kept: no cookies, and nothing at all of what says {@code no-store}, as answers with
   * tokens do (RFC 6749, section 5.1).
   */
  KeptReply kept() {
    if (HeaderRules.mentions(headers, "Cache-Control", "no-store")) {
      return notKept(status);
    }
    JsonArray fields = new JsonArray();
    for (Map.Entry<String, String> field : headers) {
      if (!field.getKey().equalsIgnoreCase("Set-Cookie")) {
        fields.add(field.getKey()).add(field.getValue());
      }
    }
    return new KeptReply(
        status, fields.encode(), Base64.getEncoder().encodeToString(body.getBytes()));
  }

  /** What is kept of an answer that is not: that there was one. */
  static KeptReply notKept(int status) {
    return new KeptReply(status, null, null);
  }

  /** Answers with it, unless the client has gone. */
  Future<Void> write(HttpServerResponse response) {
    if (response.closed() || response.ended()) {
      return Future.succeededFuture();
    }
    writeHead(response);
    return response.end(body).otherwiseEmpty(); // the client went away: nobody's failure
  }

  /** Status and fields. */
  void writeHead(HttpServerResponse response) {
    response.setStatusCode(status);
    HeaderRules.beneath(headers, response.headers());
  }
}
