package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.BalancerConfig.Strategy;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamPoliciesTest {

  @Test
  void hasDefaults() {
    assertEquals(UpstreamPolicies.DEFAULT, read("{}"));
  }

  @Test
  void readsEverything() {
    UpstreamPolicy policy =
        read("""
            {'load_balancer': {'strategy': 'consistent_hash', 'key': 'header: X-Tenant',
                               'load_bound': 2, 'slow_start': '30s', 'prefer_zone': true},
             'outlier_detection': {'enabled': false, 'consecutive_failures': 3, 'interval': '5s',
                                   'error_margin': 0.5, 'min_requests': 7, 'ejection_time': '1m',
                                   'max_ejection_time': '2m', 'max_ejected': 0.2,
                                   'failures': ['time-out', '5xx']},
             'health_check': {'enabled': true, 'path': '/up?deep', 'interval': '1s',
                              'timeout': '100ms', 'unhealthy_after': 1, 'healthy_after': 4}}
            """)
            .of("any");

    assertEquals(
        new BalancerConfig(
            Strategy.CONSISTENT_HASH,
            new KeySource(KeySource.Kind.HEADER, "X-Tenant"),
            2,
            Duration.ofSeconds(30),
            true),
        policy.balancer());
    assertEquals(
        new OutlierDetection(
            false,
            3,
            Duration.ofSeconds(5),
            0.5,
            7,
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            0.2,
            Set.of(CallFailure.TIMEOUT, CallFailure.SERVER_ERROR)),
        policy.outliers());
    assertEquals(
        new HealthCheck(true, "/up?deep", Duration.ofSeconds(1), Duration.ofMillis(100), 1, 4),
        policy.health());
  }

  @Test
  void whatAServiceDoesNotSayIsSaidForAllAndARouteHasTheLastWord() {
    String json =
        """
        {'discovery': {'zone': 'north'},
         'load_balancer': {'strategy': 'random', 'slow_start': '9s'},
         'outlier_detection': {'interval': '3s'},
         'services': {'a': {'load_balancer': 'least_requests'},
                      'b': {'outlier_detection': {'min_requests': 2}, 'port': 80}},
         'route': {'load_balancer': {'prefer_zone': true}, 'health_check': {'enabled': true}}}
        """;
    ConfigReader root = reader(json);

    UpstreamPolicies policies = UpstreamPolicies.from(root);
    UpstreamPolicies onRoute = policies.on(root.section("route"));

    assertEquals(Strategy.LEAST_REQUESTS, policies.of("a").balancer().strategy());
    assertEquals(Duration.ofSeconds(9), policies.of("a").balancer().slowStart());
    assertEquals(Strategy.RANDOM, policies.of("b").balancer().strategy());
    assertEquals(2, policies.of("b").outliers().minRequests());
    assertEquals(Duration.ofSeconds(3), policies.of("b").outliers().interval());
    assertEquals(Strategy.RANDOM, policies.of("c").balancer().strategy());
    assertEquals(Strategy.LEAST_REQUESTS, onRoute.of("a").balancer().strategy());
    assertTrue(onRoute.of("a").balancer().preferZone() && onRoute.of("c").health().enabled());
    assertEquals("north", onRoute.zone());
    assertEquals(List.of(), root.errors());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "load_balancer                       | {'load_balancer': 'best'}",
        "load_balancer                       | {'load_balancer': 7}",
        "load_balancer                       | {'load_balancer': ['random']}",
        "load_balancer.strategy              | {'load_balancer': {'strategy': 'best'}}",
        "load_balancer.key                   | {'load_balancer': {'strategy': 'consistent_hash', 'key': 'header'}}",
        "load_balancer.key                   | {'load_balancer': {'strategy': 'consistent_hash', 'key': 'cookie:a b'}}",
        "load_balancer.load_bound            | {'load_balancer': {'strategy': 'consistent_hash', 'load_bound': 1}}",
        "load_balancer.slow_start            | {'load_balancer': {'slow_start': 'long'}}",
        "load_balancer.prefer_zones          | {'load_balancer': {'prefer_zones': true}}",
        "outlier_detection                   | {'outlier_detection': true}",
        "outlier_detection.interval          | {'outlier_detection': {'interval': 0}}",
        "outlier_detection.max_ejected       | {'outlier_detection': {'max_ejected': 50}}",
        "outlier_detection.max_ejection_time | {'outlier_detection': {'max_ejection_time': '1s'}}",
        "outlier_detection.failures          | {'outlier_detection': {'failures': ['4xx']}}",
        "health_check.path                   | {'health_check': {'path': 'health'}}",
        "health_check.timeout                | {'health_check': {'timeout': '0s'}}",
        "services.a.health_check.interval    | {'services': {'a': {'health_check': {'interval': 'x'}}}}"
      })
  void namesWhatIsWrong(String path, String json) {
    ConfigReader reader = reader(json);

    UpstreamPolicies.from(reader);

    assertEquals(List.of(path), reader.errors().stream().map(ConfigError::path).toList());
  }

  @Test
  void aCommaSeparatedListIsAList() {
    assertEquals(
        Set.of(CallFailure.CONNECT, CallFailure.RESET),
        read("{'outlier_detection': {'failures': 'connect, reset'}}")
            .standard()
            .outliers()
            .failures());
  }

  private static UpstreamPolicies read(String json) {
    ConfigReader reader = reader(json);
    UpstreamPolicies read = UpstreamPolicies.from(reader);
    assertEquals(List.of(), reader.errors());
    return read;
  }

  private static ConfigReader reader(String json) {
    return ConfigReader.of(new JsonObject(json.replace('\'', '"')));
  }
}
