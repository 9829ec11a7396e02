package dev.stoa.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

/**
 * A request that nobody has sent: what would become of it is asked.
 *
 * @param target path and query
 * @param headers with the token, where there is one
 * @param client the address that it would come from
 */
record Question(HttpMethod method, String target, MultiMap headers, String client) {}
