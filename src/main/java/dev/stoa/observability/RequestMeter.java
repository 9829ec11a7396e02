package dev.stoa.observability;

import java.util.ArrayList;
import java.util.List;

/**
 * Rate, errors and duration of requests (the RED method), by route, method and class of status.
 * Safe on any thread; allocates nothing for a request.
 */
public final class RequestMeter {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", TimeFamily.OTHER);

  private final TimeFamily family;

  RequestMeter(String name, String help) {
    List<List<String>> columns = new ArrayList<>();
    METHODS.forEach(
        method -> StatusClass.NAMES.forEach(status -> columns.add(List.of(method, status))));
    this.family = new TimeFamily(name, help, List.of("route", "method", "status"), columns);
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
    TimeRow row = family.find(route);
    if (row == null) {
      row = family.make(route, List.of(route));
    }
    row.record(column(method) * StatusClass.NAMES.size() + StatusClass.of(status), nanos);
  }

  TimeFamily family() {
    return family;
  }

  static boolean failed(int column) {
    return column % StatusClass.NAMES.size() == StatusClass.SERVER_ERROR;
  }

  private static int column(String method) {
    int index = METHODS.indexOf(method);
    return index < 0 ? METHODS.size() - 1 : index;
  }
}
