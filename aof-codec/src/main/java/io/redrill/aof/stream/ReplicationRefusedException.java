package io.redrill.aof.stream;

import io.redrill.aof.resp.RespErrorException;

/// A server will not let us follow it.
public final class ReplicationRefusedException extends RespErrorException {

  private static final long serialVersionUID = 1L;

  /// Why.
  public enum Reason {
    /// The password is missing or wrong.
    CREDENTIALS("the server wants other credentials"),
    /// The user may not run the commands of a replica: `+psync +replconf +ping`.
    PERMISSION("the user may not replicate"),
    /// The server is loading its data; try again later.
    LOADING("the server is loading its data"),
    /// The server is itself a replica without its primary; try again later.
    NO_PRIMARY("the server is a replica that has lost its primary"),
    /// The server, or a proxy before it, does not do replication.
    UNSUPPORTED("the server does not know replication"),
    /// Anything else.
    OTHER("the server refused replication");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }
  }

  private final Reason reason;

  private ReplicationRefusedException(Reason reason, String command, String serverText) {
    super(reason.sentence, command, serverText);
    this.reason = reason;
  }

  static ReplicationRefusedException of(String command, String serverText) {
    return new ReplicationRefusedException(reason(serverText), command, serverText);
  }

  private static Reason reason(String text) {
    int space = text.indexOf(' ');
    return switch (space < 0 ? text : text.substring(0, space)) {
      case "NOAUTH", "WRONGPASS" -> Reason.CREDENTIALS;
      case "NOPERM" -> Reason.PERMISSION;
      case "LOADING", "BUSY" -> Reason.LOADING;
      case "NOMASTERLINK", "MASTERDOWN" -> Reason.NO_PRIMARY;
      default -> reasonOfOlderServers(text);
    };
  }

  /// Before they had codes of their own, these were sentences after `ERR`.
  private static Reason reasonOfOlderServers(String text) {
    if (text.startsWith("ERR unknown command")) {
      return Reason.UNSUPPORTED;
    }
    return text.startsWith("ERR operation not permitted")
            || text.startsWith("ERR invalid password")
            || text.contains("AUTH")
        ? Reason.CREDENTIALS
        : Reason.OTHER;
  }

  /// Why the server refused.
  public Reason reason() {
    return reason;
  }

  /// Whether the same attempt may succeed a little later.
  public boolean mayPass() {
    return reason == Reason.LOADING || reason == Reason.NO_PRIMARY;
  }
}
