package dev.stoa.orders;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import io.vertx.core.Future;

/** What orders asks user-service. */
final class UsersClient {
  private static final String SERVICE = "user-service";

  private final ServiceClient client;

  UsersClient(ServiceClient client) {
    this.client = client;
  }

  /** FORBIDDEN for a user who has been deleted since their token was issued. */
  Future<Void> requireExisting(String userId, String requestId) {
    return client
        .call(ServiceRequest.to(SERVICE, "getUser", requestId).path("id", userId))
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(isNotFound(failure) ? gone() : failure));
  }

  private static boolean isNotFound(Throwable failure) {
    return failure instanceof ProblemException problem && problem.type() == ProblemType.NOT_FOUND;
  }

  private static ProblemException gone() {
    return new ProblemException(ProblemType.FORBIDDEN, "Your account does not exist any more.");
  }
}
