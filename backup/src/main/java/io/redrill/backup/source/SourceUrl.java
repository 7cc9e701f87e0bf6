package io.redrill.backup.source;

import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.SourceName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Where a Redis listens, as `redis://[user@]host[:port]`. Holds no password: those come from the
/// environment or from files, never from a URL that others could read.
///
/// @param host a name or address; an IPv6 address in brackets
public record SourceUrl(Optional<String> user, String host, int port) {

  private static final int DEFAULT_PORT = 6379;

  /// Parses a URL.
  ///
  /// @throws RedrillException with [ErrorCode#PASSWORD_IN_URL] or [ErrorCode#BAD_SOURCE_URL]; the
  ///   message never holds the password
  public static SourceUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw bad(withoutUserInfo(text));
    }
    String user = uri.getUserInfo();
    if (user != null && user.indexOf(':') >= 0) {
      throw new RedrillException(ErrorCode.PASSWORD_IN_URL, "url", withoutUserInfo(text));
    }
    String path = uri.getPath();
    if (!"redis".equals(uri.getScheme())
        || uri.getHost() == null
        || (path != null && !path.isEmpty() && !path.equals("/"))
        || uri.getQuery() != null
        || uri.getFragment() != null
        || uri.getPort() > 65535
        || uri.getPort() == 0) {
      throw bad(withoutUserInfo(text));
    }
    return new SourceUrl(
        Optional.ofNullable(user).filter(name -> !name.isEmpty()),
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
  }

  /// Whether `text` is meant as such a URL.
  public static boolean isSourceUrl(String text) {
    return text.startsWith("redis://");
  }

  private static RedrillException bad(String text) {
    return new RedrillException(ErrorCode.BAD_SOURCE_URL, "url", text);
  }

  private static String withoutUserInfo(String text) {
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    return at < 0 || scheme < 0 ? text : text.substring(0, scheme + 3) + text.substring(at + 1);
  }

  /// The endpoint, with the default timeouts.
  public ServerEndpoint endpoint(Optional<String> password) {
    ServerEndpoint bare = ServerEndpoint.of(plainHost(), port);
    return password.map(secret -> bare.with(new Credentials(user, secret))).orElse(bare);
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
    return "redis://" + user.map(name -> name + "@").orElse("") + host + ":" + port;
  }
}
