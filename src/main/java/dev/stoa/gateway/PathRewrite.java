package dev.stoa.gateway;

/**
 * How a path changes on its way to the upstream: first a prefix is cut off, then another is
 * replaced; both count whole segments and do nothing to a path that does not begin with them.
 *
 * @param strip {@code /api}; empty to cut nothing
 * @param from {@code /old}; empty to replace nothing
 * @param to {@code /new}
 */
record PathRewrite(String strip, String from, String to) {
  static final String DEFAULT_STRIP = "/api";
  static final PathRewrite NONE = new PathRewrite("", "", "");

  String apply(String path) {
    String cut = PathPattern.isBelow(path, strip) ? path.substring(strip.length()) : path;
    String replaced =
        !from.isEmpty() && PathPattern.isBelow(cut, from) ? to + cut.substring(from.length()) : cut;
    return replaced.isEmpty() ? "/" : replaced;
  }
}
