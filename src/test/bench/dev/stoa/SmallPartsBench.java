package dev.stoa;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Collection;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the small parts of the request path cost: nanoseconds and bytes of each call, by JMH. {@code
 * -Djmh=Pick} runs one of them, {@code -Djmh.threads=2} on several threads.
 */
class SmallPartsBench {
  private static final Logger LOG = LoggerFactory.getLogger(SmallPartsBench.class);
  private static final String BYTES = "gc.alloc.rate.norm";

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
            .verbosity(VerboseMode.SILENT)
            .build();

    Collection<RunResult> results = new Runner(options).run();

    assertFalse(results.isEmpty());
    results.forEach(SmallPartsBench::tell);
  }

  private static void tell(RunResult result) {
    BenchmarkParams what = result.getParams();
    String parameters =
        what.getParamsKeys().stream()
            .map(key -> key + " " + what.getParam(key))
            .collect(Collectors.joining(", "));
    LOG.info(
        "{}, {}: {} ns (± {}), {} bytes",
        what.getBenchmark().replaceFirst("^.*\\.(\\w+\\.\\w+)$", "$1"),
        parameters,
        Math.round(result.getPrimaryResult().getScore()),
        Math.round(result.getPrimaryResult().getScoreError()),
        Math.round(result.getSecondaryResults().get(BYTES).getScore()));
  }
}
