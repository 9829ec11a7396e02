/**
 * The user service: accounts, passwords, roles. Its contract is {@code openapi/user-service.yaml}.
 * May depend on the floors below, on no other service.
 */
package dev.stoa.users;
