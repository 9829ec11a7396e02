package dev.stoa.users;

import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Factory.Argon2Types;
import dev.stoa.config.Live;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes passwords with Argon2id (RFC 9106) at the strength that OWASP asks for: 19 MiB, two
 * passes, one lane, about 50 ms of one core. It runs on a few threads of its own with a bounded
 * queue before them, so that a flood of log-ins takes neither the event loops nor all memory: what
 * finds the queue full is refused with OVERLOADED. Passwords are wiped in any case. Safe on any
 * thread.
 */
final class PasswordHasher {
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int THREADS = 2;

  /** A hash that no password has, as costly to verify as any other. */
  private static final String NO_ONES_HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$bm8gb25lJ3Mgc2FsdA$"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private final Argon2 argon2 = Argon2Factory.create(Argon2Types.ARGON2id);
  private final WorkerExecutor workers;
  private final Live<Integer> queue;
  private final AtomicInteger inside = new AtomicInteger();

  /**
   * A hasher of one service.
   *
   * @param queue how many may wait
   */
  PasswordHasher(Vertx vertx, Live<Integer> queue) {
    this.workers = vertx.createSharedWorkerExecutor("password-hashing", THREADS);
    this.queue = queue;
  }

  Future<String> hash(Password password) {
    return bounded(
        password, () -> password.spend(chars -> argon2.hash(PASSES, MEMORY_KIB, LANES, chars)));
  }

  Future<Boolean> verify(String hash, Password password) {
    return bounded(password, () -> password.spend(chars -> argon2.verify(hash, chars)));
  }

  /** Takes as long as {@link #verify} and answers no: for accounts that do not exist. */
  Future<Boolean> verifyNoOnes(Password password) {
    return verify(NO_ONES_HASH, password);
  }

  private <T> Future<T> bounded(Password password, Callable<T> work) {
    if (inside.incrementAndGet() > THREADS + queue.get()) {
      inside.decrementAndGet();
      password.wipe();
      return Future.failedFuture(
          new ProblemException(ProblemType.OVERLOADED, "Too many log-ins at once.")
              .withHeader("Retry-After", "2"));
    }
    return workers.executeBlocking(work, false).onComplete(done -> inside.decrementAndGet());
  }

  Future<Void> close() {
    return workers.close();
  }
}
