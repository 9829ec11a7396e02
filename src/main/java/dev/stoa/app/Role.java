package dev.stoa.app;

/** What a process may take on; a single jar takes all of them. */
enum Role {
  GATEWAY,
  USERS,
  PRODUCTS,
  ORDERS,
  PAYMENTS
}
