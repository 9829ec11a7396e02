/**
 * The chassis of a service: operations declared once by a contract and reachable over HTTP and the
 * event bus, authentication, health, and the one way to call another service. May depend on the
 * floors below.
 */
package dev.stoa.service;
