package dev.stoa.gateway;

import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding the route of a path of four segments. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteMatch {
  private static final int PATHS = 1024;

  @Param({"4", "1000"})
  int routes;

  private RouteTable table;
  private String[] paths;
  private int at;

  @Setup
  public void prepare() {
    table =
        new RouteTable(
            IntStream.range(0, routes)
                .mapToObj(i -> RouteTableTest.route("r" + i, "/api/s" + i + "/*"))
                .toList());
    paths =
        IntStream.range(0, PATHS)
            .mapToObj(i -> "/api/s" + i % routes + "/items/" + i)
            .toArray(String[]::new);
  }

  @Benchmark
  public RouteTable.Match match() {
    return table.match(HttpMethod.GET, paths[at++ & PATHS - 1]);
  }
}
