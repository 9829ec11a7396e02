package dev.stoa.sim;

/** A process: what it was about to do is gone when it crashes; what it stored is not. */
public final class Node {
  private final String name;
  private boolean up = true;
  private int life;

  public Node(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public boolean isUp() {
    return up;
  }

  void crash() {
    up = false;
    life++;
  }

  void start() {
    up = true;
  }

  int life() {
    return life;
  }
}
