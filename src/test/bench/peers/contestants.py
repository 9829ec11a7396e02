"""Who takes part, with which configuration. Each is a function from a Scene to a command."""
import base64
import glob
import hashlib
import hmac
import json
import os
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "../../../.."))
BUILT = os.path.join(ROOT, "target", "peers")
SECRET = "only-for-this-benchmark-0123456789abcdef0123456789"
JAVA = ["-Xms256m", "-Xmx256m"]  # of one size: what a JVM makes of it in its first second is luck
SMALL = ["-XX:+UseSerialGC", "-Xmx64m"]  # for those who count megabytes
USERS = 1000


class Scene:
    """The ports and files of one run: where the upstream is, and what the routes are."""

    def __init__(self, folder, routes=1, h2=False, tls=False, refusals=False, java=JAVA):
        self.folder = folder
        self.jvm = java
        self.routes = routes
        self.h2 = h2
        self.tls = tls
        self.refusals = refusals
        self.upstream, self.upstream2, self.upstream_tls, self.status = (free_port() for _ in range(4))
        self.tokens = [token(f"user-{i}") for i in range(USERS)]
        self.token_file = self.write("tokens", "\n".join(self.tokens) + "\n")
        self.headers = {"Authorization": "Bearer " + self.tokens[0], "Origin": "https://shop.example"}
        self.write("www/small", json.dumps({"id": 1, "name": "a chair", "price": 49.5, "stock": 17}))
        self.write("www/large", "0123456789abcdef" * 6400)
        if tls:
            self._certify()

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def _certify(self):
        quiet = {"check": True, "cwd": self.folder, "capture_output": True}
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        # Two names: nginx looks for none but those of DNS.
                        "-days", "1", "-subj", "/CN=upstream", "-addext", "subjectAltName=DNS:upstream,IP:127.0.0.1",
                        "-keyout", "key.pem", "-out", "cert.pem"], **quiet)
        subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "upstream", "-file", "cert.pem",
                        "-keystore", "trust.p12", "-storetype", "PKCS12", "-storepass", "benchmark"], **quiet)

    def java(self):
        trust = [f"-Djavax.net.ssl.trustStore={self.folder}/trust.p12", "-Djavax.net.ssl.trustStorePassword=benchmark"]
        return ["java"] + self.jvm + (trust if self.tls else [])

    def target(self):
        return f"https://127.0.0.1:{self.upstream_tls}" if self.tls else f"http://127.0.0.1:{self.upstream}"

    def path_of(self, route):
        return f"/r{route}/"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def token(user):
    now = int(time.time())
    claims = {"sub": user, "user_id": user, "username": user, "roles": ["customer"],
              "iat": now, "exp": now + 6 * 3600, "jti": "bench-" + user}
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.new(SECRET.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join(parts + [_base64(signature)])


def _base64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def upstream(scene):
    """nginx, one worker: small and large files on two ports and one with TLS, and a count of requests."""
    listen = f"listen 127.0.0.1:{scene.upstream}; listen 127.0.0.1:{scene.upstream2};"
    if scene.tls:
        listen += (f"listen 127.0.0.1:{scene.upstream_tls} ssl; "
                   f"ssl_certificate {scene.folder}/cert.pem; ssl_certificate_key {scene.folder}/key.pem;")
    return _nginx(scene, "upstream", f"""
        open_file_cache max=10; default_type application/json;
        server {{ {listen} root {scene.folder}/www; rewrite ^.*/(small|large)$ /$1 break; }}
        server {{ listen 127.0.0.1:{scene.status}; location / {{ stub_status; }} }}""")


def _nginx(scene, name, http):
    # Started by root, its worker would be somebody else, who may not read the folder of the run.
    user = "user root;" if os.geteuid() == 0 else ""
    path = scene.write(f"{name}.conf", f"""
        {user} worker_processes 1; daemon off; pid {scene.folder}/{name}.pid; error_log stderr error;
        events {{ worker_connections 4096; }}
        http {{
          access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on;
          client_body_temp_path {scene.folder}/{name}-1; proxy_temp_path {scene.folder}/{name}-2;
          fastcgi_temp_path {scene.folder}/{name}-3; uwsgi_temp_path {scene.folder}/{name}-4;
          scgi_temp_path {scene.folder}/{name}-5;
          {http}
        }}""")
    return ["nginx", "-e", "stderr", "-c", path]


def nginx(scene, port):
    """One worker, connections to the upstream kept."""
    server = scene.upstream_tls if scene.tls else scene.upstream
    scheme = "https" if scene.tls else "http"
    locations = "".join(
        f"location {scene.path_of(i)} {{ proxy_pass {scheme}://up; }}\n" for i in range(scene.routes))
    verify = f"""proxy_ssl_verify on; proxy_ssl_trusted_certificate {scene.folder}/cert.pem;
        proxy_ssl_name upstream;""" if scene.tls else ""
    return _nginx(scene, "nginx", f"""
        upstream up {{ server 127.0.0.1:{server}; keepalive 256; keepalive_requests 1000000000; }}
        proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; {verify}
        server {{ listen 127.0.0.1:{port} {"http2" if scene.h2 else ""};
          {locations} }}""")


def haproxy(scene, port):
    """One thread."""
    server = f"127.0.0.1:{scene.upstream}"
    if scene.tls:
        server = f"127.0.0.1:{scene.upstream_tls} ssl verify required ca-file {scene.folder}/cert.pem"
    routes = "".join(f"  use_backend up if {{ path_beg {scene.path_of(i)} }}\n" for i in range(scene.routes))
    return ["haproxy", "-db", "-f", scene.write("haproxy.conf", f"""
global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 30s
frontend in
  bind 127.0.0.1:{port} {"proto h2" if scene.h2 else ""}
  option forwardfor
{routes}
backend up
  http-reuse always
  server one {server}
""")]


def vertx(scene, port):
    """vertx-http-proxy alone, as many event loops as cores, with the Vert.x of this project."""
    return scene.java() + ["-cp", _built("vertx"), "BareProxy", str(port),
                           str(scene.upstream_tls if scene.tls else scene.upstream), str(scene.tls).lower()]


def scg(scene, port):
    """Spring Cloud Gateway (WebFlux): routes and nothing else; event loops as it chooses."""
    return _spring(scene, port, "scg", "peers.Plain", [])


def scg_full(scene, port):
    """Spring Cloud Gateway with JWT (Spring Security), a limit for each user, and a breaker (Resilience4j)."""
    limit = {"name": "RequestRateLimiter", "args": {"rate-limiter": "#{@buckets}", "key-resolver": "#{@user}"}}
    breaker = {"name": "CircuitBreaker", "args": {"name": "upstream"}}
    return _spring(scene, port, "scg-full", "peers.Full", [limit, breaker])


def _spring(scene, port, name, main, filters):
    routes = [{"id": f"r{i}", "uri": scene.target(), "predicates": [f"Path={scene.path_of(i)}**"], "filters": filters}
              for i in range(scene.routes)]
    config = {
        "server": {"port": port, "address": "127.0.0.1", "http2": {"enabled": scene.h2}},
        "peer": {"secret": SECRET},
        "logging": {"level": {"root": "WARN"}},
        # As patient as Stoa: after a second, and then closed to all for a minute, it would never get warm.
        "resilience4j": {"timelimiter": {"configs": {"default": {"timeoutDuration": "30s"}}}},
        "spring": {"main": {"banner-mode": "off"},
                   # A breaker alone: its stock company lets 25 requests through at a time, and fails the others.
                   "cloud": {"circuitbreaker": {"bulkhead": {"resilience4j": {"enabled": False}}},
                             "gateway": {"server": {"webflux": {"routes": routes}}}}}}
    path = scene.write(f"{name}.yml", json.dumps(config))
    return scene.java() + ["-cp", _built(name), main, f"--spring.config.location=file:{path}"]


def stoa(scene, port):
    """A route and nothing else: no token, no limit; breaker and balancer are always there."""
    return _stoa(scene, port, "stoa", {"auth": "none", "rate_limit": "none"}, {})


def stoa_full(scene, port):
    """CORS, token, limit, breaker, balancer over two instances, metrics, access log of every hundredth request."""
    return _stoa(scene, port, "stoa-full", {"auth": "required", "rate_limit": "1000000/second"},
                 {"cors": {"allowed_origins": ["https://shop.example"]}, "access_log": {"enabled": True, "sample": 0.01}})


def _stoa(scene, port, name, policies, more):
    targets = scene.target()
    if name == "stoa-full" and not scene.tls:
        targets = [targets, f"http://127.0.0.1:{scene.upstream2}"]
    routes = [{"name": f"r{i}", "path": f"{scene.path_of(i)}*", "target": targets, "strip_prefix": False, **policies}
              for i in range(scene.routes)]
    if scene.refusals:
        routes += _refusing(targets, policies)
    config = {"gateway": {"port": port, "http2": scene.h2}, "management": {"port": 0},
              "auth": {"jwt_secret": SECRET}, "routes": routes,
              "rate_limiting": {"failed_auth_limit": "1000000/second"},  # else a 401 is a 429 at once
              **more}
    folder = os.path.dirname(scene.write(f"{name}/config.json", json.dumps(config)))
    return scene.java() + ["-jar", os.path.join(ROOT, "target", "stoa.jar"), "run", "--profile", "prod",
                           "--roles", "gateway", "--conf", folder, "--data", os.path.join(folder, "data")]


def _refusing(targets, policies):
    """A route whose limit is reached at once, and one whose upstream is not there, so that its breaker is open."""
    limited = {"name": "limited", "path": "/limited/*", "target": targets, **policies,
               "rate_limit": {"limit": "1/hour", "burst": 1}}
    closed = {"name": "closed", "path": "/closed/*", "target": "http://127.0.0.1:1", **policies,
              "circuit_breaker": {"failure_threshold": 1, "recovery_timeout": "1h"}}
    return [limited, closed]


def _built(peer):
    folder = os.path.join(BUILT, peer)
    return os.pathsep.join([os.path.join(folder, "classes")] + sorted(glob.glob(f"{folder}/dependency/*.jar")))


CONTESTANTS = {"nginx": nginx, "haproxy": haproxy, "vertx-http-proxy": vertx, "scg": scg, "scg-full": scg_full,
               "stoa": stoa, "stoa-full": stoa_full}
ON_THE_JVM = {"vertx-http-proxy", "scg", "scg-full", "stoa", "stoa-full"}
