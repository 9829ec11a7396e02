package dev.stoa.resilience;

/** How an attempt failed, if not by an answer. */
public enum Failure {
  /** No connection could be had, so nothing was sent. */
  CONNECT,
  /** The connection broke, or carried no proper answer; what the upstream did is unknown. */
  BROKEN,
  /** No answer in time; what the upstream did is unknown. */
  TIMEOUT
}
