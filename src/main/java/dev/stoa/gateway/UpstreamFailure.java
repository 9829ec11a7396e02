package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.upstream.PoolFullException;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

/** What the client is told when the upstream fails, and never more than that. */
final class UpstreamFailure {
  private UpstreamFailure() {}

  static ProblemException of(Throwable cause) {
    if (cause instanceof ProblemException problem) {
      return problem;
    } else if (cause instanceof PoolFullException) {
      return new ProblemException(
              ProblemType.OVERLOADED, "Too many requests wait for the upstream service.")
          .withHeader("Retry-After", "1");
    } else if (cause instanceof UnknownHostException) {
      return Refusals.unavailable("The upstream service has no address.");
    } else if (cause instanceof ConnectTimeoutException || cause instanceof TimeoutException) {
      return timeout("No connection to the upstream service in time.");
    }
    return protocol();
  }

  static ProblemException protocol() {
    return new ProblemException(
        ProblemType.BAD_GATEWAY, "The upstream service did not answer properly.");
  }

  static ProblemException timeout(String detail) {
    return new ProblemException(ProblemType.GATEWAY_TIMEOUT, detail);
  }

  /** Whether the connection ended, rather than said something wrong. */
  static boolean closed(Throwable cause) {
    return cause instanceof IOException;
  }
}
