package dev.stoa.discovery;

/** Turns what a request is told apart by into the number that consistent hashing works with. */
public final class HashKey {
  /** Of a request that has no key: any instance will do. */
  public static final long NONE = 0;

  private HashKey() {}

  /** Never {@link #NONE}. */
  public static long of(String text) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, then mixed, since its high bits are weak
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    long mixed = mix(hash);
    return mixed == NONE ? 1 : mixed;
  }

  /** Spreads a number over all 64 bits (the finalizer of SplitMix64, Steele et al. 2014). */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
