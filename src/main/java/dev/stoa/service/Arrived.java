package dev.stoa.service;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * An answer of another service as it came.
 *
 * @param body null where it is no JSON object
 */
record Arrived(int status, Map<String, String> headers, JsonObject body) {}
