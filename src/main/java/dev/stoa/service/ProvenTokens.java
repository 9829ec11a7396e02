package dev.stoa.service;

import dev.stoa.service.TokenParser.ParsedToken;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens whose signature was proven, in two generations: when the young one is full it becomes the
 * old one, and what was not asked for since is forgotten with the one before. So tokens in use stay
 * however many others come once. A token is found by all of it and not by a digest, which would
 * cost more than the look-up. Safe on any thread without locks; a token may be forgotten early
 * where two threads turn generations at once, and is then proven again.
 */
final class ProvenTokens {
  private static final int MOST_OF_A_GENERATION = 5_000;

  private final int most;
  private volatile Map<String, ParsedToken> young = new ConcurrentHashMap<>();
  private volatile Map<String, ParsedToken> old = Map.of();

  ProvenTokens() {
    this(MOST_OF_A_GENERATION);
  }

  ProvenTokens(int mostOfAGeneration) {
    this.most = mostOfAGeneration;
  }

  /** Null where it is not known. */
  ParsedToken find(String compact) {
    ParsedToken token = young.get(compact);
    if (token == null) {
      token = old.get(compact);
      if (token != null) {
        add(token);
      }
    }
    return token;
  }

  void add(ParsedToken token) {
    Map<String, ParsedToken> generation = young;
    generation.put(token.compact(), token);
    if (generation.size() >= most) {
      old = generation;
      young = new ConcurrentHashMap<>();
    }
  }
}
