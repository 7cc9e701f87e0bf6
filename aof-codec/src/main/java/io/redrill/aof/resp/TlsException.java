package io.redrill.aof.resp;

import java.io.IOException;

/// No encrypted connection came about. Nothing was asked of the server yet.
///
/// The message holds a sentence with the next step, and what the other side or the JDK said; never
/// anything out of a private key.
public final class TlsException extends IOException {

  private static final long serialVersionUID = 1L;

  /// What is in the way.
  public enum Problem {
    /// A file of ours cannot be used.
    FILE("a file for TLS cannot be used"),
    /// Nobody who is trusted vouches for the server.
    UNTRUSTED(
        "the server's certificate comes from no authority that is trusted here: name the file of its"
            + " CA"),
    /// The server's certificate, or one above it, is over.
    EXPIRED("the server's certificate has expired: renew it, or set this machine's clock"),
    /// It begins later.
    NOT_YET_VALID("the server's certificate is not valid yet: set this machine's clock, or wait"),
    /// The certificate is made out to another name.
    OTHER_NAME(
        "the server's certificate is made out to another name: connect to a name that stands in it,"
            + " or say which name is expected"),
    /// The server wants one from us, or another.
    CLIENT_CERTIFICATE(
        "the server does not accept us by certificate: give a client certificate and key of an"
            + " authority that it trusts"),
    /// The server does not encrypt.
    PLAIN_SERVER(
        "the server does not speak TLS on this port: use its TLS port, or connect without TLS"),
    /// The server encrypts, and we do not.
    TLS_SERVER("the server speaks TLS on this port: connect with TLS, or use its plain port"),
    /// Anything else, such as no version or cipher in common.
    HANDSHAKE("the TLS handshake failed");

    private final String sentence;

    Problem(String sentence) {
      this.sentence = sentence;
    }
  }

  private final Problem problem;

  TlsException(Problem problem, String server, String said) {
    super("%s (server=%s, found=%s)".formatted(problem.sentence, server, said));
    this.problem = problem;
  }

  private TlsException(String problem, Object file) {
    super("%s: %s (file=%s)".formatted(Problem.FILE.sentence, problem, file));
    this.problem = Problem.FILE;
  }

  static TlsException of(Problem problem, String server, String said, Throwable cause) {
    TlsException failure = new TlsException(problem, server, said);
    failure.initCause(cause);
    return failure;
  }

  /// About `file`. The cause is left out on purpose: it may quote what it could not read.
  static TlsException ofFile(String problem, Object file) {
    return new TlsException(problem, file);
  }

  /// What is in the way.
  public Problem problem() {
    return problem;
  }
}
