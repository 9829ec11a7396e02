# syntax=docker/dockerfile:1

# Build: dependencies first, so that a change of the sources does not fetch them again.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml .
RUN mvn -B -q dependency:go-offline
COPY src src
RUN mvn -B -q -DskipTests package
# The native parts of SQLite and Argon2 lie open: a process that is killed leaves no copies of them behind, and /tmp
# may forbid execution, as Docker's --tmpfs does.
RUN mkdir -p native && cd native \
 && case "$(uname -m)" in \
      x86_64) sqlite=x86_64; jna=linux-x86-64 ;; \
      aarch64) sqlite=aarch64; jna=linux-aarch64 ;; \
      *) echo "no native parts for $(uname -m)" >&2; exit 1 ;; \
    esac \
 && jar xf ../target/stoa.jar "org/sqlite/native/Linux/$sqlite" "com/sun/jna/$jna" "$jna" \
 && find . -name '*.so' -exec mv {} . \; \
 && rm -r org com "$jna" && chmod 0644 ./*.so

# Run: no build tools, no root, nothing to write but /data.
# Debian's or Ubuntu's libc, not Alpine's: the native part of Argon2 needs it.
FROM eclipse-temurin:17-jre
RUN groupadd --system --gid 10001 stoa \
 && useradd --system --uid 10001 --gid stoa --home-dir /data --shell /usr/sbin/nologin stoa \
 && install -d -o stoa -g stoa -m 0700 /data /etc/config
COPY --from=build /build/native /opt/stoa/native
COPY --from=build /build/target/stoa.jar /opt/stoa/stoa.jar
COPY conf/*.yaml /etc/config/

# Mount a volume at /data (databases, last good configuration), with a read-only root a tmpfs at /tmp, and your own
# configuration at /etc/config. The profile prod refuses to start without APP_AUTH_JWT_SECRET.
ENV APP_PROFILE=prod \
    APP_DATA_DIR=/data \
    APP_GATEWAY_HOST=0.0.0.0 \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError \
-Dorg.sqlite.lib.path=/opt/stoa/native -Djna.boot.library.path=/opt/stoa/native -Djna.library.path=/opt/stoa/native"
# One start at build leaves the classes as the JVM wants them (AppCDS, JEP 350): a third less processor time until the
# first answer. Where the JVM finds that the file does not fit, it goes on without.
RUN export APP_DATA_DIR=/tmp/trial APP_AUTH_JWT_SECRET="$(head -c 48 /dev/urandom | base64 -w 0)"; \
    java -XX:ArchiveClassesAtExit=/opt/stoa/stoa.jsa -Xlog:cds=off -Xlog:cds+dynamic=off \
      -jar /opt/stoa/stoa.jar run --conf /etc/config & pid=$!; \
    for try in $(seq 240); do \
      sleep 0.5; \
      bash -c 'exec 3<>/dev/tcp/127.0.0.1/8000 && printf "GET /api/products HTTP/1.0\r\nHost: localhost\r\n\r\n" >&3 \
        && head -n 1 <&3 | grep -q " 200 "' 2>/dev/null && break; \
    done; \
    kill "$pid"; wait "$pid"; test $? -eq 143 && chmod 0644 /opt/stoa/stoa.jsa && rm -r /tmp/trial
USER stoa
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-XX:SharedArchiveFile=/opt/stoa/stoa.jsa", "-jar", "/opt/stoa/stoa.jar", "run", "--conf", "/etc/config"]
