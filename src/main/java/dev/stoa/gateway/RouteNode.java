package dev.stoa.gateway;

import dev.stoa.gateway.RouteTable.Route;
import java.util.Arrays;

/**
 * A segment of the paths of routes, and those that follow it. Each request comes by one for each
 * segment of its path: so it finds the next without cutting a text out of the path, and each is one
 * small object in a table of its own (open addressing, at most half full), not an entry that leads
 * to a key and to a node. Not changed any more once the table is compiled; then safe on any thread.
 */
final class RouteNode {
  private static final Route[] NONE = {};
  private static final RouteNode[] LEAF = {};
  private static final int FIRST_SIZE = 4;

  private final char[] segment;
  private final int hash;
  private int count;
  private RouteNode[] children = LEAF;

  /** Routes of the path that ends here, exact ones first. */
  private Route[] here = NONE;

  /** Routes of everything below. */
  private Route[] below = NONE;

  // The first of each, which is mostly the only one; null where there is none.
  private Route firstHere;
  private Route firstBelow;

  private RouteNode(String segment, int hash) {
    this.segment = segment.toCharArray();
    this.hash = hash;
  }

  /** Where all paths begin. */
  static RouteNode root() {
    return new RouteNode("", 0);
  }

  /** Routes of the path, where it ends here, or else of what is below. */
  Route[] routes(boolean ends) {
    return ends ? here : below;
  }

  /** The first of these, found without coming by the others; null where there is none. */
  Route first(boolean ends) {
    return ends ? firstHere : firstBelow;
  }

  /** Whether no path goes on, so that none is to be looked for. */
  boolean isLeaf() {
    return count == 0;
  }

  /** That of the segment of the path between these places; null where there is none. */
  RouteNode child(String path, int start, int end) {
    if (isLeaf()) {
      return null;
    }
    int sought = hash(path, start, end);
    for (int i = sought & children.length - 1; ; i = i + 1 & children.length - 1) {
      RouteNode child = children[i];
      if (child == null || child.hash == sought && child.is(path, start, end)) {
        return child;
      }
    }
  }

  /** The same, made where there was none. */
  RouteNode childFor(String path, int start, int end) {
    RouteNode known = child(path, start, end);
    if (known != null) {
      return known;
    }
    if (2 * (count + 1) > children.length) {
      RouteNode[] before = children;
      children = new RouteNode[Math.max(FIRST_SIZE, 2 * before.length)];
      Arrays.stream(before).filter(child -> child != null).forEach(this::put);
    }
    RouteNode child = new RouteNode(path.substring(start, end), hash(path, start, end));
    put(child);
    count++;
    return child;
  }

  private void put(RouteNode child) {
    int i = child.hash & children.length - 1;
    while (children[i] != null) {
      i = i + 1 & children.length - 1;
    }
    children[i] = child;
  }

  void add(Route route) {
    if (route.config().path().prefix()) {
      here = with(route, here, here.length);
      below = with(route, below, below.length);
    } else {
      here = with(route, here, here.length - below.length);
    }
    firstHere = here[0];
    firstBelow = below.length == 0 ? null : below[0];
  }

  private boolean is(String path, int start, int end) {
    if (segment.length != end - start) {
      return false;
    }
    for (int i = 0; i < segment.length; i++) {
      if (segment[i] != path.charAt(start + i)) {
        return false;
      }
    }
    return true;
  }

  /** Clients cannot make it slow: how far a search goes depends on what is configured. */
  private static int hash(String path, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + path.charAt(i);
    }
    return hash ^ hash >>> 16;
  }

  private static Route[] with(Route route, Route[] routes, int at) {
    Route[] more = Arrays.copyOf(routes, routes.length + 1);
    System.arraycopy(routes, at, more, at + 1, routes.length - at);
    more[at] = route;
    return more;
  }
}
