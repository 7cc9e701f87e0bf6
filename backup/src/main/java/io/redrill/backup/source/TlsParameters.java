package io.redrill.backup.source;

import io.redrill.aof.resp.Tls;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// TLS in the query of a URL:
///
/// ```
/// ca=FILE       PEM certificates of those who may vouch for the server; else what the JVM trusts
/// cert=FILE     PEM client certificate with its chain
/// key=FILE      PEM private key of it, not encrypted
/// sni=NAME      what the server calls itself, where that is not the host
/// verify=no     its certificate may be made out to any name, but must come from a trusted authority
/// ```
final class TlsParameters {

  private static final Set<String> KNOWN =
      new TreeSet<>(Set.of("ca", "cert", "key", "sni", "verify"));

  private TlsParameters() {}

  /// What `query` says, which is still encoded.
  ///
  /// @throws IllegalArgumentException with a sentence, if it is not understood
  static Tls parse(String query) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "there is no parameter '%s'; there are %s".formatted(name, String.join(", ", KNOWN)));
      }
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (value.isEmpty()) {
        throw new IllegalArgumentException("parameter %s has no value".formatted(name));
      }
      if (given.put(name, value) != null) {
        throw new IllegalArgumentException("parameter %s is given twice".formatted(name));
      }
    }
    return tls(given);
  }

  /// A plus sign is one: this is no form, and files are called so.
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Tls tls(Map<String, String> given) {
    if (given.containsKey("cert") != given.containsKey("key")) {
      throw new IllegalArgumentException("cert and key go together");
    }
    Tls tls = Tls.ofDefaults();
    for (Map.Entry<String, String> parameter : given.entrySet()) {
      String value = parameter.getValue();
      tls =
          switch (parameter.getKey()) {
            case "ca" -> tls.trusting(Path.of(value));
            case "sni" -> named(tls, value);
            case "verify" -> verified(tls, value);
            default -> tls;
          };
    }
    return given.containsKey("cert")
        ? tls.as(Path.of(given.getOrDefault("cert", "")), Path.of(given.getOrDefault("key", "")))
        : tls;
  }

  private static Tls named(Tls tls, String name) {
    try {
      return tls.named(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("parameter sni is no host name", e);
    }
  }

  private static Tls verified(Tls tls, String value) {
    return switch (value) {
      case "yes" -> tls;
      case "no" -> tls.withoutNameCheck();
      default -> throw new IllegalArgumentException("parameter verify is yes or no");
    };
  }

  /// The parameters that say `tls`, with a question mark in front; nothing where it is as by
  /// default.
  static String text(Tls tls) {
    StringBuilder text = new StringBuilder();
    append(text, "ca", tls.authorities().map(Path::toString));
    append(text, "cert", tls.client().map(client -> client.chain().toString()));
    append(text, "key", tls.client().map(client -> client.key().toString()));
    append(text, "sni", tls.serverName());
    append(text, "verify", tls.isNameChecked() ? Optional.empty() : Optional.of("no"));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, Optional<String> value) {
    if (value.isPresent()) {
      text.append(text.isEmpty() ? '?' : '&').append(name).append('=');
      String encoded = URLEncoder.encode(value.get(), StandardCharsets.UTF_8);
      text.append(encoded.replace("+", "%20").replace("%2F", "/"));
    }
  }
}
