package dev.stoa.sim;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Time, chance, the network and the disks. All that happens is a task in one queue; which fault
 * strikes when, and which task comes first, is decided by the seed alone.
 */
public final class World implements InstantSource {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int TIMEOUT = 5_000;

  private record Task(long at, long number, Node node, int life, boolean periodic, Runnable work)
      implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final SplittableRandom random;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final List<String> history;
  private final double lost;
  private final double silent;
  private final double doubled;
  private final double late;
  private final double disk;
  private boolean calm;
  private long now;
  private long numbers;
  private int waiting;
  private String violation;

  /**
   * A world in which nothing has happened yet.
   *
   * @param telling whether to keep the history, which takes time
   */
  public World(long seed, boolean telling) {
    this.random = new SplittableRandom(seed);
    this.history = telling ? new ArrayList<>() : null;
    this.lost = level();
    this.silent = level();
    this.doubled = level();
    this.late = level();
    this.disk = level() / 8;
  }

  private double level() {
    return switch (random.nextInt(3)) {
      case 0 -> 0;
      case 1 -> 0.05;
      default -> 0.2;
    };
  }

  @Override
  public Instant instant() {
    return START.plusMillis(now);
  }

  /** Milliseconds since the world began. */
  public long time() {
    return now;
  }

  public boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  public int pick(int bound) {
    return random.nextInt(bound);
  }

  /** From now on nothing fails any more. */
  public void calmDown() {
    tell("— calm —");
    calm = true;
  }

  public boolean isCalm() {
    return calm;
  }

  /** How many things are still going to happen, apart from what happens again and again. */
  public int waiting() {
    return waiting;
  }

  public void tell(String what) {
    if (history != null) {
      history.add("%8.3f  %s".formatted(now / 1000.0, what));
    }
  }

  public boolean isTelling() {
    return history != null;
  }

  public List<String> history() {
    return List.copyOf(history);
  }

  /** A promise is broken; the first one counts. */
  public void accuse(String what) {
    tell("VIOLATION: " + what);
    if (violation == null) {
      violation = what;
    }
  }

  public String violation() {
    return violation;
  }

  public void after(Node node, int millis, Runnable work) {
    waiting++;
    tasks.add(new Task(now + millis, numbers++, node, node.life(), false, work));
  }

  /** Runs a job again and again, with a pause after each, until the node crashes. */
  public void every(Node node, int millis, Supplier<Future<?>> job) {
    Runnable round = () -> job.get().onComplete(done -> every(node, millis, job));
    tasks.add(new Task(now + millis, numbers++, node, node.life(), true, round));
  }

  /** Lets the next thing happen; false where there is none. */
  public boolean step() {
    Task task = tasks.poll();
    if (task == null) {
      return false;
    }
    waiting -= task.periodic() ? 0 : 1;
    now = task.at();
    if (task.node().isUp() && task.node().life() == task.life()) {
      task.work().run();
    }
    return true;
  }

  public void crash(Node node) {
    if (node.isUp()) {
      tell(node.name() + " crashes");
      node.crash();
    }
  }

  public void start(Node node) {
    tell(node.name() + " starts");
    node.start();
  }

  /**
   * A write or read of a node's store: all of it or nothing, some time from now. It may fail before
   * it has happened, or after.
   */
  public <T> Future<T> store(Node node, String what, Supplier<Future<T>> effect) {
    Promise<T> promise = Promise.promise();
    after(
        node,
        pick(4),
        () -> {
          if (!calm && chance(disk)) {
            tell(node.name() + " cannot store " + what);
            promise.fail(away());
            return;
          }
          Future<T> done = effect.get();
          boolean unheard = !calm && chance(disk);
          if (unheard) {
            tell(node.name() + " does not hear that it has stored " + what);
          }
          after(
              node,
              pick(3),
              () -> (unheard ? Future.<T>failedFuture(away()) : done).onComplete(promise));
        });
    return promise.future();
  }

  private static ProblemException away() {
    return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "The database is not available.");
  }

  /**
   * A request from one node to another and its reply. Either may be lost, the request may arrive
   * twice or long after the caller has given up, and the reply too late to be heard.
   */
  public <T> Future<T> call(Node from, Node to, String what, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    after(from, TIMEOUT, () -> promise.tryFail(timedOut()));
    boolean gone = !calm && chance(lost);
    if (gone) {
      tell(from.name() + " → " + to.name() + " lost: " + what);
    } else {
      deliver(from, to, what, work, !calm && chance(late) ? pick(45_000) : pick(20), promise);
    }
    if (!calm && chance(doubled)) {
      deliver(from, to, what + " (again)", work, pick(2) == 0 ? pick(50) : pick(45_000), promise);
    }
    return promise.future();
  }

  // The network outlives whoever sent something.
  private final Node network = new Node("network");

  private <T> void deliver(
      Node from, Node to, String what, Supplier<Future<T>> work, int delay, Promise<T> promise) {
    int life = from.life();
    after(
        network,
        delay,
        () -> {
          if (!to.isUp()) {
            reply(from, life, 1, () -> promise.tryFail(unreachable()));
            return;
          }
          tell(from.name() + " → " + to.name() + ": " + what);
          work.get()
              .onComplete(
                  answer -> {
                    boolean unheard = !calm && chance(silent);
                    tell(
                        to.name()
                            + " → "
                            + from.name()
                            + (unheard ? " lost: " : ": ")
                            + (answer.succeeded() ? "done " : "no ")
                            + what
                            + (answer.succeeded() ? "" : ", " + answer.cause().getMessage()));
                    if (!unheard) {
                      int travel = !calm && chance(late) ? pick(8_000) : pick(20);
                      reply(from, life, travel, () -> hear(promise, answer));
                    }
                  });
        });
  }

  private static <T> void hear(Promise<T> promise, AsyncResult<T> answer) {
    if (answer.succeeded()) {
      promise.tryComplete(answer.result());
    } else {
      promise.tryFail(answer.cause());
    }
  }

  private void reply(Node to, int life, int delay, Runnable work) {
    after(
        network,
        delay,
        () -> {
          if (to.isUp() && to.life() == life) {
            work.run();
          }
        });
  }

  private static ProblemException timedOut() {
    return new ProblemException(ProblemType.GATEWAY_TIMEOUT, "It did not answer in time.");
  }

  private static ProblemException unreachable() {
    return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "It is not available.");
  }
}
