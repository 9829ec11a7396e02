package dev.stoa.observability;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;

/**
 * For which request something is done: its id, and its place in a trace. It goes with the request's
 * own (duplicated) context, so that the log and calls of other services know it without being told
 * by everything in between.
 */
public interface RequestScope {
  /** Of what is done for no request. */
  RequestScope NONE = new Of("", Span.NONE);

  /** The place of it in every context. */
  ContextLocal<RequestScope> LOCAL = ContextLocal.registerLocal(RequestScope.class);

  /** A request's id and span. */
  record Of(String requestId, Span span) implements RequestScope {}

  /** Empty where there is no request. */
  String requestId();

  /** What is under way for it. */
  Span span();

  /** That of the request that the caller works for. Quick on any thread. */
  static RequestScope current() {
    Context context = Vertx.currentContext();
    RequestScope scope =
        isOfARequest(context) ? context.getLocal(LOCAL, AccessMode.CONCURRENT) : null;
    return scope == null ? NONE : scope;
  }

  /** From now on the caller's context is about this request; does nothing outside of one. */
  static void enter(RequestScope scope) {
    Context context = Vertx.currentContext();
    if (isOfARequest(context)) {
      context.putLocal(LOCAL, AccessMode.CONCURRENT, scope);
    }
  }

  /** Others are shared by everything that happens on a verticle. */
  private static boolean isOfARequest(Context context) {
    return context instanceof ContextInternal internal && internal.isDuplicate();
  }
}
