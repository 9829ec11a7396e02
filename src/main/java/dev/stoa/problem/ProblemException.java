package dev.stoa.problem;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A refusal or failure with a type from the catalogue, on its way to the one place of each server
 * that turns it into a response. It carries no stack trace: it is an answer, not a bug. Immutable;
 * safe on any thread.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ProblemType type;
  private final transient List<FieldError> errors;
  private final transient Map<String, Object> members;
  private final transient Map<String, String> headers;

  /**
   * A problem that needs no more than its type.
   *
   * @param detail what happened this time, for the client to read; never the message of a foreign
   *     exception
   */
  public ProblemException(ProblemType type, String detail) {
    this(type, detail, List.of(), Map.of(), Map.of());
  }

  private ProblemException(
      ProblemType type,
      String detail,
      List<FieldError> errors,
      Map<String, Object> members,
      Map<String, String> headers) {
    super(detail, null, false, false);
    this.type = Objects.requireNonNull(type, "type");
    this.errors = List.copyOf(errors);
    this.members = Map.copyOf(members);
    this.headers = Map.copyOf(headers);
  }

  /** Invalid input, naming each field. */
  public static ProblemException invalid(List<FieldError> errors) {
    String detail =
        errors.size() == 1 ? "One field is not valid." : errors.size() + " fields are not valid.";
    return new ProblemException(ProblemType.INVALID_INPUT, detail).withErrors(errors);
  }

  /** Invalid input in one field. */
  public static ProblemException invalid(String field, String reason) {
    return invalid(List.of(new FieldError(field, reason)));
  }

  /** The same problem, naming these fields. */
  public ProblemException withErrors(List<FieldError> fields) {
    return new ProblemException(type, getMessage(), fields, members, headers);
  }

  /** The same problem with one more member in its body (RFC 9457, section 3.2). */
  public ProblemException with(String member, Object value) {
    Map<String, Object> more = new TreeMap<>(members);
    more.put(member, value);
    return new ProblemException(type, getMessage(), errors, more, headers);
  }

  /** The same problem with one more header in its response: {@code Retry-After}, {@code Allow}. */
  public ProblemException withHeader(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new ProblemException(type, getMessage(), errors, members, more);
  }

  public ProblemType type() {
    return type;
  }

  public List<FieldError> errors() {
    return errors;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** The problem as the client sees it. */
  public Problem toProblem(String instance, String requestId) {
    return new Problem(type, getMessage(), instance, requestId, errors, members);
  }
}
