package dev.stoa.drill;

/** Is told how a drill goes. Called by the thread that runs it. */
public interface DrillProgress {
  /** Something begins. */
  void phase(String what);

  /** How it stands, several times a second: for whoever can show it in place. */
  void now(String how);
}
