package dev.stoa;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What the small parts of the request path cost: nanoseconds and bytes of each call, by JMH. {@code
 * -Djmh=Pick} runs one of them, {@code -Djmh.threads=2} on several threads.
 */
class SmallPartsBench {

  @Test
  void nanosecondsAndBytesOfACall() throws Exception {
    Options options =
        new OptionsBuilder()
            .include(System.getProperty("jmh", "dev.stoa"))
            .threads(Integer.getInteger("jmh.threads", 1))
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .jvmArgs("-Xmx1g")
            .build();

    Collection<RunResult> results = new Runner(options).run();

    assertFalse(results.isEmpty());
  }
}
