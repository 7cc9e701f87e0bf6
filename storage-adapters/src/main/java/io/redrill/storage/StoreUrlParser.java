package io.redrill.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads and writes the text of [StoreUrl]s.
final class StoreUrlParser {

  private static final String FORMS =
      "a store is file:PATH, s3://BUCKET[/PREFIX] or gs://BUCKET[/PREFIX]";

  /// The names that S3 and GCS both allow, and the dots and underscores of older GCS buckets.
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");

  /// It becomes part of a host name; stores other than AWS have freer ones.
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]+");

  /// Parameters in which people try to pass secrets; caught to give a better answer than "unknown".
  private static final Pattern CREDENTIAL =
      Pattern.compile("(?i).*(secret|password|credential|token|access.?key|api.?key).*");

  private StoreUrlParser() {}

  static StoreUrl parse(String url) {
    int colon = url.indexOf(':');
    return switch (colon < 0 ? "" : url.substring(0, colon)) {
      case "file" -> directory(url.substring(colon + 1));
      case "s3" -> s3(BucketUrl.of("s3", url.substring(colon + 1)));
      case "gs" -> gcs(BucketUrl.of("gs", url.substring(colon + 1)));
      default -> throw new IllegalArgumentException("%s, not %s".formatted(FORMS, shown(url)));
    };
  }

  private static StoreUrl.Directory directory(String rest) {
    String path = rest;
    if (path.startsWith("//")) {
      if (!path.startsWith("///")) {
        throw new IllegalArgumentException(
            "a file: URL names no host; write file:/PATH or file:PATH, not file:" + rest);
      }
      path = path.substring(2);
    }
    if (path.indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "a file: URL takes no parameters (write a question mark in a path as %3F): file:" + rest);
    }
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a file: URL needs a path, as in file:/var/lib/redrill");
    }
    return new StoreUrl.Directory(Path.of(decode(path.replace("+", "%2B"))));
  }

  private static StoreUrl.S3 s3(BucketUrl url) {
    url.allow("region", "endpoint", "pathStyle", "checksum");
    return new StoreUrl.S3(
        url.bucket,
        url.prefix,
        url.parameter("region").map(StoreUrlParser::region),
        url.endpoint(),
        url.oneOf("pathStyle", List.of("false", "true")) == 1,
        url.oneOf("checksum", List.of("when-supported", "when-required")) == 1
            ? StoreUrl.ChecksumMode.WHEN_REQUIRED
            : StoreUrl.ChecksumMode.WHEN_SUPPORTED);
  }

  private static String region(String text) {
    if (!REGION.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "not a region: '%s'; write one such as eu-central-1".formatted(text));
    }
    return text;
  }

  private static StoreUrl.Gcs gcs(BucketUrl url) {
    url.allow("endpoint");
    return new StoreUrl.Gcs(url.bucket, url.prefix, url.endpoint());
  }

  static String write(StoreUrl.S3 s3) {
    List<String> parameters = new ArrayList<>();
    s3.region().ifPresent(region -> parameters.add("region=" + encode(region)));
    s3.endpoint().ifPresent(endpoint -> parameters.add("endpoint=" + encode(endpoint.toString())));
    if (s3.pathStyle()) {
      parameters.add("pathStyle=true");
    }
    if (s3.checksum() == StoreUrl.ChecksumMode.WHEN_REQUIRED) {
      parameters.add("checksum=when-required");
    }
    return write("s3", s3.bucket(), s3.prefix(), parameters);
  }

  static String write(StoreUrl.Gcs gcs) {
    return write(
        "gs",
        gcs.bucket(),
        gcs.prefix(),
        gcs.endpoint().map(endpoint -> "endpoint=" + encode(endpoint.toString())).stream()
            .toList());
  }

  private static String write(
      String scheme, String bucket, String prefix, List<String> parameters) {
    return scheme
        + "://"
        + bucket
        + (prefix.isEmpty() ? "" : "/" + prefix)
        + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%3A", ":");
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a percent sign in a store URL must be written %25: " + text, e);
    }
  }

  /// The URL for a message, without what stands before an `@`.
  private static String shown(String url) {
    return url.isBlank() ? "an empty text" : url.replaceAll("//[^/@]*@", "//…@");
  }

  /// The parts that S3 and GCS URLs share.
  private record BucketUrl(
      String scheme, String bucket, String prefix, Map<String, String> parameters) {

    static BucketUrl of(String scheme, String rest) {
      int question = rest.indexOf('?');
      String path = (question < 0 ? rest : rest.substring(0, question)).replaceFirst("^//", "");
      int slash = path.indexOf('/');
      String bucket = slash < 0 ? path : path.substring(0, slash);
      // A secret may hold a slash, and so reach beyond what looks like the bucket.
      boolean isUser = bucket.indexOf(':') >= 0 && rest.indexOf('@') >= 0;
      if (bucket.indexOf('@') >= 0 || isUser) {
        throw credentialsIn(scheme);
      }
      if (!BUCKET.matcher(bucket).matches()) {
        throw new IllegalArgumentException(
            "not a bucket name: '%s'; write %s://BUCKET[/PREFIX]".formatted(bucket, scheme));
      }
      String prefix = slash < 0 ? "" : path.substring(slash + 1).replaceFirst("/$", "");
      if (!prefix.isEmpty() && ObjectKey.parse(prefix).isEmpty()) {
        throw new IllegalArgumentException(
            "not a prefix: '%s'; use letters, digits and . _ + = @ - between slashes"
                .formatted(prefix));
      }
      String query = question < 0 ? "" : rest.substring(question + 1);
      return new BucketUrl(scheme, bucket, prefix, parameters(scheme, query));
    }

    private static Map<String, String> parameters(String scheme, String query) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        if (CREDENTIAL.matcher(name).matches()) {
          throw credentialsIn(scheme);
        }
        if (equals < 0 || equals == parameter.length() - 1) {
          throw new IllegalArgumentException(
              "the parameter '%s' of a store URL has no value".formatted(name));
        }
        if (parameters.put(name, decode(parameter.substring(equals + 1))) != null) {
          throw new IllegalArgumentException(
              "the parameter '%s' stands twice in the store URL".formatted(name));
        }
      }
      return parameters;
    }

    private static IllegalArgumentException credentialsIn(String scheme) {
      return new IllegalArgumentException(
          scheme.equals("s3")
              ? "a store URL holds no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
                  + " or AWS_PROFILE, in the environment"
              : "a store URL holds no credentials; set GOOGLE_APPLICATION_CREDENTIALS to the path of"
                  + " a key file in the environment");
    }

    void allow(String... names) {
      for (String name : parameters.keySet()) {
        if (!List.of(names).contains(name)) {
          throw new IllegalArgumentException(
              "unknown parameter '%s' of a %s: URL; it takes %s"
                  .formatted(name, scheme, String.join(", ", names)));
        }
      }
    }

    Optional<String> parameter(String name) {
      return Optional.ofNullable(parameters.get(name));
    }

    /// The index of the value among `values`; 0 if there is none.
    int oneOf(String name, List<String> values) {
      String value = parameters.getOrDefault(name, values.getFirst());
      int index = values.indexOf(value);
      if (index < 0) {
        throw new IllegalArgumentException(
            "'%s' is no value of %s; it takes %s"
                .formatted(value, name, String.join(" or ", values)));
      }
      return index;
    }

    Optional<URI> endpoint() {
      return parameter("endpoint").map(this::endpoint);
    }

    private URI endpoint(String text) {
      try {
        URI endpoint = new URI(text);
        if (endpoint.getRawUserInfo() != null) {
          throw credentialsIn(scheme);
        }
        boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        if (http && endpoint.getHost() != null) {
          return endpoint;
        }
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException(endpointProblem(text), e);
      }
      throw new IllegalArgumentException(endpointProblem(text));
    }

    private static String endpointProblem(String text) {
      return "not an endpoint: '%s'; write http://HOST[:PORT] or https://HOST[:PORT]"
          .formatted(text.replaceAll("//.*@", "//…@"));
    }
  }
}
