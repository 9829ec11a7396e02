package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Fields;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * What balancers, breakers and metrics learn about an exchange beyond the future of {@link
 * Proxy#forward}. Called on the event loop of the exchange, at most once each; must not throw.
 */
interface ProxyObserver {
  /** Watches nothing. */
  ProxyObserver NONE = new ProxyObserver() {};

  /**
   * There is no connection to the upstream: nothing was sent, so the request could be forwarded to
   * another one. The exchange is about to fail with {@code failure}.
   */
  default void unreachable(ProblemException failure) {}

  /** The head of the request is about to be sent with these fields; some may be added. */
  default void sending(Fields fields) {}

  /** The request has been handed over whole; what follows is the upstream's time. */
  default void sent() {}

  /**
   * Whether this final answer may go to the client. If not, the exchange fails without having sent
   * anything to the client.
   */
  default boolean accepts(Answer answer) {
    return true;
  }

  /** Sees each buffer of the accepted answer's body before it moves; null to see none. */
  default Consumer<Buffer> reader(Answer answer) {
    return null;
  }

  /** The head of the upstream's final response has arrived. */
  default void answered(Answer answer) {}

  /** The answer has been passed on whole. */
  default void completed() {}

  /** The upstream failed after its head had been passed on; the client has been reset. */
  default void broken(ProblemException failure) {}

  /** The client went away before the response was complete. */
  default void abandoned() {}
}
