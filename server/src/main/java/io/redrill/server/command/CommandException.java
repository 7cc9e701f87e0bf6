package io.redrill.server.command;

/// A command's refusal, which becomes its error reply. Has no stack trace: it is an answer.
public final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// The key holds another kind of value.
  public static final String WRONG_TYPE =
      "WRONGTYPE Operation against a key holding the wrong kind of value";

  /// The arguments do not fit together.
  public static final String SYNTAX = "ERR syntax error";

  /// An argument is not a 64-bit integer.
  public static final String NOT_INTEGER = "ERR value is not an integer or out of range";

  /// An argument is not a number.
  public static final String NOT_FLOAT = "ERR value is not a valid float";

  /// Makes a refusal; `reply` is the whole error, its code word first.
  public CommandException(String reply) {
    super(reply, null, false, false);
  }

  /// The error reply.
  public String reply() {
    return String.valueOf(getMessage());
  }
}
