package dev.stoa.apidocs;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/**
 * One way through the gateway to an operation of a service.
 *
 * @param path as clients write it, {@code /api/users/{id}}
 * @param route whose way it is
 * @param tokenNeeded whether the way asks for a token, whatever the operation does
 * @param roles any of which the way asks for; empty where it asks for none
 * @param limited whether requests are counted on the way
 */
public record Way(
    String path, String route, boolean tokenNeeded, Set<String> roles, boolean limited) {
  public Way {
    roles = Set.copyOf(roles);
  }

  /** Knows the ways to the operations of one service. */
  @FunctionalInterface
  public interface Finder {
    /**
     * All ways to one operation.
     *
     * @param path as the service's contract writes it, {@code /users/{id}}
     */
    List<Way> to(HttpMethod method, String path);
  }
}
