package io.redrill.aof.resp;

import io.redrill.aof.resp.TlsException.Problem;
import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Finds out of the JDK's exceptions what was wrong. They have one type for everything, so that
/// causes and, for what the other side said, messages have to be looked at; where they say nothing
/// that is known, they are passed on as [Problem#HANDSHAKE].
final class TlsProblems {

  private static final int MOST_CAUSES = 20;
  private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]+)");

  private TlsProblems() {}

  /// What `failure` means.
  ///
  /// @param wasAsked whether the server had asked for a client certificate
  static TlsException explained(SSLException failure, String server, boolean wasAsked) {
    String said = String.valueOf(failure.getMessage());
    return TlsException.of(problem(failure, said, wasAsked), server, said, failure);
  }

  private static Problem problem(SSLException failure, String said, boolean wasAsked) {
    Matcher alert = ALERT.matcher(said);
    if (alert.find()) {
      return alert(alert.group(1), wasAsked);
    }
    @Nullable Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      switch (cause) {
        case CertificateExpiredException _ -> {
          return Problem.EXPIRED;
        }
        case CertificateNotYetValidException _ -> {
          return Problem.NOT_YET_VALID;
        }
        case CertPathBuilderException _ -> {
          return Problem.UNTRUSTED;
        }
        case CertificateException name when isOfTheName(name) -> {
          return Problem.OTHER_NAME;
        }
        case EOFException _ -> {
          return Problem.PLAIN_SERVER;
        }
        default -> cause = cause.getCause();
      }
    }
    String lower = said.toLowerCase(Locale.ROOT);
    return lower.contains("unrecognized ssl message") || lower.contains("plaintext connection")
        ? Problem.PLAIN_SERVER
        : Problem.HANDSHAKE;
  }

  /// Chains have a subclass of the JDK's own; the name is what the plain class is thrown for.
  private static boolean isOfTheName(CertificateException failure) {
    return failure.getClass() == CertificateException.class && failure.getCause() == null;
  }

  private static Problem alert(String name, boolean wasAsked) {
    return switch (name) {
      case "certificate_required" -> Problem.CLIENT_CERTIFICATE;
      case "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied",
          "handshake_failure" ->
          wasAsked ? Problem.CLIENT_CERTIFICATE : Problem.HANDSHAKE;
      default -> Problem.HANDSHAKE;
    };
  }
}
