package io.redrill.aof.resp;

import java.io.IOException;

/// A server refused a command.
///
/// The message holds what the server said and the name of the command, never its arguments: they
/// may be secret.
public class RespErrorException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String serverText;

  /// Makes the refusal of `command` (its name alone), of which the server said `serverText`.
  public RespErrorException(String command, String serverText) {
    this("the server refused the command", command, serverText);
  }

  /// As above, with a sentence of its own.
  protected RespErrorException(String problem, String command, String serverText) {
    super("%s (command=%s, answer=%s)".formatted(problem, command, serverText));
    this.serverText = serverText;
  }

  /// What the server said, code first.
  public String serverText() {
    return serverText;
  }

  /// The first word of what the server said: `ERR`, `NOAUTH`, `LOADING`, ...
  public String code() {
    int space = serverText.indexOf(' ');
    return space < 0 ? serverText : serverText.substring(0, space);
  }
}
