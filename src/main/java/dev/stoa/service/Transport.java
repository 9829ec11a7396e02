package dev.stoa.service;

/** How calls reach a service. */
public enum Transport {
  HTTP,
  EVENT_BUS
}
