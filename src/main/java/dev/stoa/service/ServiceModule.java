package dev.stoa.service;

/**
 * A service of somebody else's, in a jar or folder of its own on the class path. The chassis does
 * the rest: it opens and migrates the database ({@code db/<service>/V*.sql}), checks what comes in
 * against the contract ({@code openapi/<service>.yaml}), proves tokens, answers over HTTP and the
 * event bus, reports health, and registers the instance.
 *
 * <p>Found by {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.stoa.service.ServiceModule}. It has a constructor without parameters, and
 * is made once in each process.
 */
public interface ServiceModule {
  /** Its name in discovery, configuration and paths: {@code review-service}. */
  String service();

  /** Where it listens unless {@code services.<name>.port} says otherwise. */
  int port();

  /**
   * What it does, by the operations of its contract. Called at the start on the event loop that the
   * handlers will run on; what it throws keeps the process from starting.
   */
  Operations operations(ServiceContext context);
}
