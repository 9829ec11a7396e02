package peers;

import io.github.bucket4j.Bucket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.filter.ratelimit.AbstractRateLimiter;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.cloud.gateway.filter.ratelimit.RateLimiter;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import reactor.core.publisher.Mono;

/**
 * Every route needs a token. The routes, which ask for the limiter and the breaker of Resilience4j,
 * come with {@code --spring.config.location}.
 */
@SpringBootApplication
public class Full {
  public static void main(String[] args) {
    SpringApplication.run(Full.class, args);
  }

  @Bean
  SecurityWebFilterChain security(ServerHttpSecurity http) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .authorizeExchange(exchange -> exchange.anyExchange().authenticated())
        .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
        .build();
  }

  @Bean
  ReactiveJwtDecoder tokens(@Value("${peer.secret}") String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return NimbusReactiveJwtDecoder.withSecretKey(new SecretKeySpec(key, "HmacSHA256")).build();
  }

  @Bean
  KeyResolver user() {
    return exchange -> exchange.getPrincipal().map(java.security.Principal::getName);
  }

  /**
   * The stock limiter asks Redis, and the stock one in memory needs a cache of its own. This one is
   * the cheapest that keeps a limit for each user: a token bucket in a map.
   */
  @Bean
  RateLimiter<Full.NoConfig> buckets(ConfigurationService configurations) {
    return new Buckets(configurations);
  }

  public static final class NoConfig {}

  private static final class Buckets extends AbstractRateLimiter<NoConfig> {
    private static final int PER_SECOND = 1_000_000;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    Buckets(ConfigurationService configurations) {
      super(NoConfig.class, "buckets", configurations);
    }

    @Override
    public Mono<Response> isAllowed(String routeId, String id) {
      Bucket bucket = buckets.computeIfAbsent(id, user -> full());
      return Mono.just(new Response(bucket.tryConsume(1), Map.of()));
    }

    private static Bucket full() {
      return Bucket.builder()
          .addLimit(
              limit -> limit.capacity(PER_SECOND).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
          .build();
    }
  }
}
