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

  /** What {@link #apply} takes off the front of this path. */
  String cutOff(String path) {
    return PathPattern.isBelow(path, strip) ? strip : "";
  }

  String apply(String path) {
    String cut = path.substring(cutOff(path).length());
    String replaced =
        !from.isEmpty() && PathPattern.isBelow(cut, from) ? to + cut.substring(from.length()) : cut;
    return replaced.isEmpty() ? "/" : replaced;
  }
}
