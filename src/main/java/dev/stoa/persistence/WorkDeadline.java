package dev.stoa.persistence;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.OptionalLong;

/**
 * Until when what is done for the current request is worth beginning. It goes with the request's
 * own (duplicated) context, so that no call in between has to hand it on. A {@link Database}
 * refuses what comes later, instead of doing it for nobody; once something is committed it binds no
 * more, since what was begun has to be brought to an end.
 */
public final class WorkDeadline {
  static final ContextLocal<WorkDeadline> LOCAL = ContextLocal.registerLocal(WorkDeadline.class);

  private final long atNanos;

  private WorkDeadline(long atNanos) {
    this.atNanos = atNanos;
  }

  /**
   * Sets it for the current request; does nothing outside of one.
   *
   * @param atNanos on the scale of {@link System#nanoTime}
   */
  public static void begin(long atNanos) {
    Context context = Vertx.currentContext();
    if (isOfARequest(context)) {
      context.putLocal(LOCAL, AccessMode.CONCURRENT, new WorkDeadline(atNanos));
    }
  }

  /** That of the current request, if it binds. */
  public static OptionalLong current() {
    WorkDeadline deadline = of(Vertx.currentContext());
    return deadline == null ? OptionalLong.empty() : OptionalLong.of(deadline.atNanos);
  }

  /** That of a context; null where there is none. */
  static WorkDeadline of(Context context) {
    return isOfARequest(context) ? context.getLocal(LOCAL, AccessMode.CONCURRENT) : null;
  }

  /** Something has been committed for the request of this context. */
  static void committed(Context context) {
    if (isOfARequest(context)) {
      context.removeLocal(LOCAL, AccessMode.CONCURRENT);
    }
  }

  /** Whether the deadline, if there is one, has passed. */
  static boolean passed(WorkDeadline deadline) {
    return deadline != null && System.nanoTime() - deadline.atNanos >= 0;
  }

  static ProblemException refusal() {
    return new ProblemException(
        ProblemType.DEADLINE_EXCEEDED, "The time for this request is over; nothing was done.");
  }

  /** Others are shared by everything that happens on a verticle. */
  private static boolean isOfARequest(Context context) {
    return context instanceof ContextInternal internal && internal.isDuplicate();
  }
}
