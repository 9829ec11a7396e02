package dev.stoa.observability;

import java.util.List;

/**
 * Rate, errors and duration of the operations of the services that run here, whatever transport
 * brings the calls. Safe on any thread.
 */
public final class OperationMeter {
  /** The operation of calls that mean none. */
  public static final String NONE = "none";

  private final TimeFamily family;

  /** The numbers of one operation; to be kept by whoever counts, so that nothing is looked up. */
  public static final class Timer {
    private final TimeRow row;

    private Timer(TimeRow row) {
      this.row = row;
    }

    /** One call is over, with this status. */
    public void record(int status, long nanos) {
      row.record(StatusClass.of(status), nanos);
    }
  }

  OperationMeter(String name, String help, Lanes lanes) {
    this.family =
        new TimeFamily(
            name,
            help,
            List.of("service", "operation", "status"),
            StatusClass.NAMES.stream().map(List::of).toList(),
            lanes);
  }

  /** Those of an operation, by the id that it has in the contract. */
  public Timer of(String service, String operation) {
    return new Timer(family.make(service + " " + operation, List.of(service, operation)));
  }

  TimeFamily family() {
    return family;
  }

  static boolean failed(int column) {
    return column == StatusClass.SERVER_ERROR;
  }
}
