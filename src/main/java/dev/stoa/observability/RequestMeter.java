package dev.stoa.observability;

import java.util.ArrayList;
import java.util.List;

/**
 * Rate, errors and duration of requests (the RED method), by route, method and class of status.
 * Safe on any thread; allocates nothing for a request whose row is kept.
 */
public final class RequestMeter {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other");

  /** What most requests are: a GET, answered 2xx. */
  private static final int USUAL = 2;

  private final TimeFamily family;

  /** The numbers of one route; to be kept by whoever counts, so that nothing is looked up. */
  public static final class Row {
    private final TimeRow row;
    private final LimitMeter.Row beside;
    private Counts usual; // kept at hand since its first; any thread finds the same

    private Row(TimeRow row, LimitMeter.Row beside) {
      this.row = row;
      this.beside = beside;
    }

    /** One request is over, as {@link RequestMeter#record} says. */
    public void record(String method, int status, long nanos) {
      int column = column(method, status);
      if (column == USUAL) {
        Counts known = usual;
        Latencies.record(known != null ? known : find(), nanos);
      } else {
        row.record(column, nanos);
      }
    }

    /** A request begins that this thread will end. */
    public Begun begin() {
      Counts known = usual;
      return new Begun(this, known == null ? null : known.own());
    }

    private Counts find() {
      Counts room = beside == null || row.cell(USUAL) != null ? null : beside.room();
      Counts found = room == null ? row.counts(USUAL) : row.counts(USUAL, room);
      usual = found;
      return found;
    }
  }

  /**
   * A request under way. Where it is counted when it is over has been looked up while all that
   * leads there was at hand: until the answer is here, other requests push it out of the caches.
   */
  public static final class Begun {
    private final Row row;
    private final Counts.Own usual;

    private Begun(Row row, Counts.Own usual) {
      this.row = row;
      this.usual = usual;
    }

    /** It is over, as {@link RequestMeter#record} says. */
    public void record(String method, int status, long nanos) {
      if (usual != null && column(method, status) == USUAL && usual.isMine()) {
        Latencies.record(usual, nanos);
      } else {
        row.record(method, status, nanos);
      }
    }
  }

  RequestMeter(String name, String help, Lanes lanes) {
    List<List<String>> columns = new ArrayList<>();
    METHODS.forEach(
        method -> StatusClass.NAMES.forEach(status -> columns.add(List.of(method, status))));
    this.family = new TimeFamily(name, help, List.of("route", "method", "status"), columns, lanes);
  }

  /** Those of a route; one that comes too late for a row of its own gets that of all others. */
  public Row row(String route) {
    return row(route, null);
  }

  /**
   * The same.
   *
   * @param limit of the same requests: they are counted beside each other, which is quicker; null
   *     for none
   */
  public Row row(String route, LimitMeter.Row limit) {
    TimeRow row = family.find(route);
    return new Row(row != null ? row : family.make(route, List.of(route)), limit);
  }

  /**
   * One request is over.
   *
   * @param route one of a bounded number of names, never a path
   * @param method one of the methods that are known; others are all one
   * @param status 0 where the client went away before there was one
   * @param nanos from the first byte of the head to the last of the answer
   */
  public void record(String route, String method, int status, long nanos) {
    row(route).record(method, status, nanos);
  }

  TimeFamily family() {
    return family;
  }

  static boolean failed(int column) {
    return column % StatusClass.NAMES.size() == StatusClass.SERVER_ERROR;
  }

  private static int column(String method, int status) {
    int index = METHODS.indexOf(method);
    int known = index < 0 ? METHODS.size() - 1 : index;
    return known * StatusClass.NAMES.size() + StatusClass.of(status);
  }
}
