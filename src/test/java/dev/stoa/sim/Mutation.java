package dev.stoa.sim;

/** A mistake that somebody could make in the shop, and that the simulation has to notice. */
public enum Mutation {
  /** A cancelled order does not give its stock back. */
  SKIP_RELEASE,
  /** A cancelled order does not give its money back. */
  SKIP_REFUND,
  /** An order is paid without its reservation being made final. */
  SKIP_COMMIT,
  /** What is going to be done is not written down before. */
  FORGET_INTENT,
  /** Silence is taken for a refusal. */
  UNKNOWN_AS_REFUSED,
  /** Silence is taken for success. */
  UNKNOWN_AS_DONE,
  /** An order is written although somebody else has changed it meanwhile. */
  IGNORE_VERSION,
  /** Nobody takes up what a crash has left. */
  NO_RESUME,
  /** A second reserve for an order takes stock again. */
  RESERVE_AGAIN,
  /** A second commit of a reservation sells it again. */
  COMMIT_TWICE,
  /** A release puts back what is put back already. */
  RELEASE_UNCHECKED,
  /** A release that comes before its reserve leaves no trace. */
  NO_TOMBSTONE,
  /** The same charge again takes the money again. */
  CHARGE_AGAIN,
  /** A provider that does not answer is taken for one that declines. */
  CHARGE_UNKNOWN_AS_DECLINED,
  /** A charge that was called off can still arrive. */
  CHARGE_NOT_CLOSED,
  /** Money for an order that could not be paid is noted as given back, and kept. */
  GIVE_BACK_PRETENDED,
  /** The same refund again gives the money again. */
  REFUND_AGAIN,
  /** A refund that was refused is tried anew by a late copy of its request. */
  REFUND_FORGOTTEN,
  /** An order may have two payments at once. */
  TWO_PAYMENTS,
  /** A payment is not written down before the provider is asked. */
  FORGET_PAYMENT
}
