package dev.stoa.service;

import dev.stoa.service.TokenParser.ParsedToken;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens whose signature was proven, in two generations: when the young one is full it becomes the
 * old one, and what was not asked for since is forgotten with the one before. So tokens in use stay
 * however many others come once. A token is found by all of the field that brings it, as most
 * clients write it, and not by a digest, which would cost more than the look-up. Safe on any thread
 * without locks; a token may be forgotten early where two threads turn generations at once, and is
 * then proven again.
 */
final class ProvenTokens {
  private static final int MOST_OF_A_GENERATION = 5_000;
  private static final String USUAL = "Bearer ";

  private final int most;
  private volatile Map<Field, ParsedToken> young = new ConcurrentHashMap<>();
  private volatile Map<Field, ParsedToken> old = Map.of();

  /** The end of a token is of its signature, and so as good as random: it does for a hash. */
  private record Field(String text) {
    private static final int ENOUGH = 12;

    @Override
    public boolean equals(Object other) {
      return other instanceof Field field && text.equals(field.text);
    }

    @Override
    public int hashCode() {
      int hash = 0;
      for (int i = Math.max(0, text.length() - ENOUGH); i < text.length(); i++) {
        hash = 31 * hash + text.charAt(i);
      }
      return hash;
    }
  }

  ProvenTokens() {
    this(MOST_OF_A_GENERATION);
  }

  ProvenTokens(int mostOfAGeneration) {
    this.most = mostOfAGeneration;
  }

  /**
   * Null where it is not known.
   *
   * @param authorization spelled as {@link #usual} does; in another way it is not found
   */
  ParsedToken find(String authorization) {
    Field field = new Field(authorization);
    ParsedToken token = young.get(field);
    if (token == null) {
      token = old.get(field);
      if (token != null) {
        add(token);
      }
    }
    return token;
  }

  /** The field {@code Authorization} that brings a token. */
  static String usual(String compact) {
    return USUAL + compact;
  }

  void add(ParsedToken token) {
    Map<Field, ParsedToken> generation = young;
    generation.put(new Field(usual(token.compact())), token);
    if (generation.size() >= most) {
      old = generation;
      young = new ConcurrentHashMap<>();
    }
  }
}
