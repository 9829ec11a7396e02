package dev.stoa.config;

/** How far two words are apart. */
final class Spelling {
  private Spelling() {}

  /**
   * The fewest insertions, deletions, substitutions and swaps of neighbours that turn one into the
   * other (optimal string alignment).
   */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, cost);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(String a, String b, int i, int j, int[][] cost) {
    int substituted = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(substituted, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, 1 + cost[i - 2][j - 2]) : least;
  }
}
