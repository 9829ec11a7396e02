package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a registry for an answer that is there in time, all of it, and no longer than any registry's
 * could be: one that sends for ever would take this process with it. For one context.
 */
final class RegistryHttp {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);

  /** Some thousand instances. */
  private static final int LONGEST = 16 * 1024 * 1024;

  static final int OK = 200;

  private static final int CONNECT_MILLIS = 2_000;

  private final Vertx vertx;
  private final int longest;
  private final HttpClient client;

  /** An answer, in full. */
  record Answer(int status, MultiMap headers, Buffer body) {
    /**
     * The object that it is.
     *
     * @throws RuntimeException of some kind where it is none
     */
    JsonObject object() {
      if (body.toJsonValue() instanceof JsonObject object) {
        return object;
      }
      throw new IllegalArgumentException("an answer that is no JSON object");
    }

    /** The same of an array. */
    JsonArray array() {
      if (body.toJsonValue() instanceof JsonArray array) {
        return array;
      }
      throw new IllegalArgumentException("an answer that is no JSON array");
    }
  }

  /**
   * A client with no connection yet.
   *
   * @param connections as many at most to one server
   */
  RegistryHttp(Vertx vertx, HttpClientOptions options, int connections) {
    this(vertx, options, connections, LONGEST);
  }

  RegistryHttp(Vertx vertx, HttpClientOptions options, int connections, int longest) {
    this.vertx = vertx;
    this.longest = longest;
    this.client =
        vertx
            .httpClientBuilder()
            .with(options.setConnectTimeout(CONNECT_MILLIS))
            .with(new PoolOptions().setHttp1MaxSize(connections))
            .withConnectHandler(RegistryHttp::mayBreak)
            .build();
  }

  /** Whoever waits on it is told; nobody else has to be, and Vert.x would tell it as an error. */
  private static void mayBreak(HttpConnection connection) {
    connection.exceptionHandler(cause -> LOG.debug("a connection to a registry broke", cause));
  }

  /** The answer, whatever its status; a failure where there is none within the limit. */
  Future<Answer> ask(RequestOptions what, Buffer body, Duration limit) {
    what.setConnectTimeout(limit.toMillis());
    return client.request(what).compose(request -> send(request, body, limit));
  }

  private Future<Answer> send(HttpClientRequest request, Buffer body, Duration limit) {
    Promise<Answer> answer = Promise.promise();
    long timer =
        vertx.setTimer(
            limit.toMillis(),
            id -> {
              answer.tryFail(new TimeoutException("no answer within " + limit.toMillis() + " ms"));
              request.reset();
            });
    request
        .send(body)
        .onFailure(answer::tryFail)
        .onSuccess(response -> collect(request, response, answer));
    return answer.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void collect(
      HttpClientRequest request, HttpClientResponse response, Promise<Answer> answer) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(answer::tryFail);
    response.handler(
        part -> {
          if (body.length() + part.length() > longest) {
            answer.tryFail(
                new IllegalStateException("an answer of more than " + longest + " bytes"));
            request.reset();
          } else {
            body.appendBuffer(part);
          }
        });
    response.endHandler(
        end -> answer.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
  }

  Future<Void> close() {
    return client.close();
  }
}
