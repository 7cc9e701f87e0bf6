package io.redrill.backup.source;

import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.resp.Tls;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.SourceName;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/// Where a Redis listens, as `redis://[user@]host[:port]`, or `rediss://…` with TLS and its
/// [parameters][TlsParameters]. Holds no password: those come from the environment or from files,
/// never from a URL that others could read.
///
/// @param host a name or address; an IPv6 address in brackets
/// @param tls how the connection is encrypted, if the URL says so; relative paths in it are the
///   working directory's
public record SourceUrl(Optional<String> user, String host, int port, Optional<Tls> tls) {

  private static final int DEFAULT_PORT = 6379;
  private static final String PLAIN = "redis";
  private static final String ENCRYPTED = "rediss";

  /// Parses a URL.
  ///
  /// @throws RedrillException with [ErrorCode#PASSWORD_IN_URL] or [ErrorCode#BAD_SOURCE_URL]; the
  ///   message never holds the password
  public static SourceUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw bad(text);
    }
    String user = uri.getUserInfo();
    if (user != null && user.indexOf(':') >= 0) {
      throw new RedrillException(ErrorCode.PASSWORD_IN_URL, "url", withoutUserInfo(text));
    }
    String path = uri.getPath();
    boolean isEncrypted = ENCRYPTED.equals(uri.getScheme());
    if ((!isEncrypted && !PLAIN.equals(uri.getScheme()))
        || uri.getHost() == null
        || (path != null && !path.isEmpty() && !path.equals("/"))
        || uri.getFragment() != null
        || uri.getPort() > 65535
        || uri.getPort() == 0) {
      throw bad(text);
    }
    return new SourceUrl(
        Optional.ofNullable(user).filter(name -> !name.isEmpty()),
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        tls(isEncrypted, Optional.ofNullable(uri.getRawQuery()), text));
  }

  private static Optional<Tls> tls(boolean isEncrypted, Optional<String> query, String text) {
    if (!isEncrypted && query.isPresent()) {
      throw bad(text, "parameters go with rediss:// only");
    }
    try {
      return isEncrypted ? Optional.of(TlsParameters.parse(query.orElse(""))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw bad(text, String.valueOf(e.getMessage()));
    }
  }

  /// Whether `text` is meant as such a URL.
  public static boolean isSourceUrl(String text) {
    return text.startsWith(PLAIN + "://") || text.startsWith(ENCRYPTED + "://");
  }

  private static RedrillException bad(String text) {
    return new RedrillException(ErrorCode.BAD_SOURCE_URL, "url", withoutUserInfo(text));
  }

  private static RedrillException bad(String text, String problem) {
    return new RedrillException(
        ErrorCode.BAD_SOURCE_URL, "url", withoutUserInfo(text), "problem", problem);
  }

  private static String withoutUserInfo(String text) {
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    return at < 0 || scheme < 0 ? text : text.substring(0, scheme + 3) + text.substring(at + 1);
  }

  /// As this, for another user.
  public SourceUrl withUser(String name) {
    return new SourceUrl(Optional.of(name), host, port, tls);
  }

  /// As this, with relative paths taken from `directory`.
  public SourceUrl in(Path directory) {
    return new SourceUrl(user, host, port, tls.map(files -> files.in(directory)));
  }

  /// The endpoint, with the default timeouts.
  public ServerEndpoint endpoint(Optional<String> password) {
    ServerEndpoint bare = ServerEndpoint.of(plainHost(), port);
    ServerEndpoint open = tls.map(bare::with).orElse(bare);
    return password.map(secret -> open.with(new Credentials(user, secret))).orElse(open);
  }

  /// `endpoint` as a URL without user and parameters, for messages.
  static String location(ServerEndpoint endpoint) {
    return (endpoint.tls().isPresent() ? ENCRYPTED : PLAIN) + "://" + endpoint.address();
  }

  /// A name for a source that was given by its URL alone: `host-port`.
  public SourceName defaultName() {
    String host = plainHost().replaceAll("[^A-Za-z0-9.-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
    String name = host + "-" + port;
    return SourceName.of(name.substring(Math.max(0, name.length() - 64)));
  }

  private String plainHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String toString() {
    return (tls.isPresent() ? ENCRYPTED : PLAIN)
        + "://"
        + user.map(name -> name + "@").orElse("")
        + host
        + ":"
        + port
        + tls.map(TlsParameters::text).orElse("");
  }
}
