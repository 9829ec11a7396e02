package dev.stoa.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps retries a small share of the requests, so that they cannot multiply the load on an upstream
 * that is failing under load already (as in Finagle's RetryBudget; Google's SRE book, "Addressing
 * Cascading Failures"). A bucket of tokens: each request adds a share of one, time adds the floor,
 * each retry or hedge takes a whole one. What is saved up is bounded. Safe on any thread, without
 * locks.
 */
final class RetryBudget {
  private static final long TOKEN = 1_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** How many retries may be saved up beside what the floor gives in a second. */
  private static final long MOST_SAVED = 100;

  private final LongSupplier clock;
  private final AtomicLong balance = new AtomicLong();
  private final AtomicLong floorPaidAt;
  private volatile long share;
  private volatile double floorPerNano;
  private volatile long cap;

  RetryBudget(RetryBudgetConfig config, LongSupplier nanoClock) {
    this.clock = nanoClock;
    this.floorPaidAt = new AtomicLong(nanoClock.getAsLong());
    configure(config);
    balance.set((long) (config.floor() * TOKEN));
  }

  void configure(RetryBudgetConfig config) {
    double ratio = config.ratio();
    double floor = config.floor();
    share = Math.round(ratio * TOKEN);
    floorPerNano = floor * TOKEN / NANOS_PER_SECOND;
    cap = ratio == 0 ? (long) (floor * TOKEN) : (long) ((floor + MOST_SAVED) * TOKEN);
  }

  /** A request has been made. */
  void deposit() {
    add(share);
  }

  /** Takes a token for one retry, if there is one. */
  boolean withdraw() {
    payFloor();
    for (long now = balance.get(); now >= TOKEN; now = balance.get()) {
      if (balance.compareAndSet(now, now - TOKEN)) {
        return true;
      }
    }
    return false;
  }

  /** Whole retries that are left. */
  long left() {
    payFloor();
    return balance.get() / TOKEN;
  }

  private void payFloor() {
    long from = floorPaidAt.get();
    long now = clock.getAsLong();
    long due = (long) ((now - from) * floorPerNano);
    if (due > 0 && floorPaidAt.compareAndSet(from, now)) {
      add(due);
    }
  }

  private void add(long tokens) {
    long now = balance.get();
    while (now < cap && !balance.compareAndSet(now, Math.min(cap, now + tokens))) {
      now = balance.get();
    }
  }
}
