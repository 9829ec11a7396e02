package dev.stoa.upstream;

/** An upstream has answered with what is no HTTP/1, or in a form that is not taken. */
public final class MalformedAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private MalformedAnswerException(String why) {
    super(why, null, false, false);
  }

  static void unless(boolean holds, String why) {
    if (!holds) {
      throw new MalformedAnswerException(why);
    }
  }
}
