package dev.stoa.config;

import java.util.Optional;

/**
 * One key that differs between two configurations, for people's eyes.
 *
 * @param path the dotted key
 * @param before what stood there, a secret masked; empty where nothing did
 * @param after what stands there now, a secret masked; empty where nothing does. Two secrets that
 *     differ look the same
 */
public record ConfigChange(String path, Optional<Object> before, Optional<Object> after) {}
