package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An amount of money, never negative and never above 10<sup>12</sup>. Immutable.
 *
 * @param minorUnits hundredths of the currency's unit
 * @param currency ISO 4217, three capitals
 */
public record Money(long minorUnits, String currency) {
  /** How many decimals the API has. */
  public static final int DECIMALS = 2;

  private static final BigDecimal MAX = BigDecimal.TEN.pow(12);
  private static final long MAX_MINOR_UNITS = MAX.movePointRight(DECIMALS).longValueExact();
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  public Money {
    Objects.requireNonNull(currency, "currency");
    if (minorUnits < 0 || minorUnits > MAX_MINOR_UNITS) {
      throw new IllegalArgumentException(
          "minor units " + minorUnits + " outside 0.." + MAX_MINOR_UNITS);
    }
    if (!isCurrency(currency)) {
      throw new IllegalArgumentException("no currency code: " + currency);
    }
  }

  public static boolean isCurrency(String code) {
    return CURRENCY.matcher(code).matches();
  }

  /**
   * The amount that a client wrote.
   *
   * @param value a number as JSON decoding leaves it
   * @param field named in the refusal
   * @throws ProblemException INVALID_INPUT for what is no number, negative, above the maximum or
   *     finer than two decimals
   */
  public static Money parse(Object value, String currency, String field) {
    BigDecimal amount = decimal(value);
    if (amount == null || amount.signum() < 0 || amount.compareTo(MAX) > 0) {
      throw ProblemException.invalid(field, "must be a number from 0 to " + MAX.toPlainString());
    }
    if (amount.stripTrailingZeros().scale() > DECIMALS) {
      throw ProblemException.invalid(field, "must have at most two decimals");
    }
    return new Money(amount.movePointRight(DECIMALS).longValueExact(), currency);
  }

  // A double is taken at its shortest text, which is what the client wrote for any amount that we
  // accept: those have at most 15 digits.
  private static BigDecimal decimal(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof BigInteger || value instanceof Long || value instanceof Integer) {
      return new BigDecimal(value.toString());
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      return new BigDecimal(number.toString());
    }
    return null;
  }

  /** The sum; UNPROCESSABLE above the maximum. */
  public Money plus(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(currency + " and " + other.currency + " do not add up");
    }
    return bounded(BigInteger.valueOf(minorUnits).add(BigInteger.valueOf(other.minorUnits)));
  }

  /** This amount {@code quantity} times; UNPROCESSABLE above the maximum. */
  public Money times(long quantity) {
    return bounded(BigInteger.valueOf(minorUnits).multiply(BigInteger.valueOf(quantity)));
  }

  private Money bounded(BigInteger result) {
    if (result.compareTo(BigInteger.valueOf(MAX_MINOR_UNITS)) > 0) {
      throw new ProblemException(
          ProblemType.UNPROCESSABLE, "The amount is above " + MAX.toPlainString() + ".");
    }
    return new Money(result.longValueExact(), currency);
  }

  /** The amount as a JSON number with two decimals, exact. */
  public BigDecimal toJson() {
    return BigDecimal.valueOf(minorUnits, DECIMALS);
  }
}
