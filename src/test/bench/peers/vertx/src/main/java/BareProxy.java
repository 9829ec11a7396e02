import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** Arguments: port, port of the upstream, whether that speaks TLS. As many event loops as cores. */
public final class BareProxy extends VerticleBase {
  private final int port;
  private final int upstream;
  private final boolean tls;

  private BareProxy(int port, int upstream, boolean tls) {
    this.port = port;
    this.upstream = upstream;
    this.tls = tls;
  }

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int upstream = Integer.parseInt(args[1]);
    boolean tls = Boolean.parseBoolean(args[2]);
    DeploymentOptions everyCore =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    Vertx.vertx()
        .deployVerticle(() -> new BareProxy(port, upstream, tls), everyCore)
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    HttpProxy proxy =
        HttpProxy.reverseProxy(
            vertx.createHttpClient(
                new HttpClientOptions().setSsl(tls), new PoolOptions().setHttp1MaxSize(256)));
    proxy.origin(upstream, "127.0.0.1");
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
        .requestHandler(proxy)
        .listen();
  }
}
