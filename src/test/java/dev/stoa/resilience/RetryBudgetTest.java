package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // the clock may wrap

  private RetryBudget budget(double ratio, double floor) {
    return new RetryBudget(new RetryBudgetConfig(ratio, floor), now::get);
  }

  private static int drain(RetryBudget budget) {
    int taken = 0;
    while (budget.withdraw()) {
      taken++;
    }
    return taken;
  }

  @Test
  void grantsAFifthOfTheRequests() {
    RetryBudget budget = budget(0.2, 0);

    for (int i = 0; i < 50; i++) {
      budget.deposit();
    }

    assertEquals(10, drain(budget));
  }

  @Test
  void grantsTheFloorToWhoeverIsQuiet() {
    RetryBudget budget = budget(0.2, 10);
    assertEquals(10, drain(budget));
    assertFalse(budget.withdraw());

    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));

    assertEquals(5, drain(budget));
  }

  @Test
  void savesUpNoMoreThanABurst() {
    RetryBudget budget = budget(0.2, 10);

    for (int i = 0; i < 1_000_000; i++) {
      budget.deposit();
    }
    now.addAndGet(TimeUnit.HOURS.toNanos(1));

    assertEquals(110, drain(budget));
  }

  @Test
  void grantsNothingWhereThereIsNoBudget() {
    RetryBudget budget = budget(0, 0);

    budget.deposit();
    now.addAndGet(TimeUnit.DAYS.toNanos(1));

    assertEquals(0, drain(budget));
  }

  @Test
  void neverGrantsTheSameTokenTwice() throws Exception {
    RetryBudget budget = budget(0.5, 0);
    AtomicInteger granted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  budget.deposit();
                  if (budget.withdraw()) {
                    granted.incrementAndGet();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertTrue(granted.get() + drain(budget) <= 20_000, "granted " + granted);
    assertTrue(granted.get() > 10_000, "granted " + granted);
  }
}
