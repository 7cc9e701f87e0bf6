package io.redrill.backup.repository;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How JSON objects of the repository are written, and how their own checksum is computed.
final class Json {

  /// Reads nothing but one whole document: bytes after it, or a second value for a field, would be
  /// outside of its checksum.
  static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  static final String CHECKSUM = "sha256";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String time(Instant at) {
    return TIME.format(at);
  }

  /// Adds the checksum of `root` as its last field, and indents.
  static byte[] sealed(ObjectNode root) {
    root.put(CHECKSUM, checksum(root));
    return pretty(root);
  }

  static byte[] pretty(JsonNode node) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      String text = MAPPER.writer(printer).writeValueAsString(node) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The SHA-256 of what `jq -c 'del(.sha256)'` prints.
  static String checksum(ObjectNode root) {
    ObjectNode rest = root.deepCopy();
    rest.remove(CHECKSUM);
    try {
      byte[] compact = (MAPPER.writeValueAsString(rest) + "\n").getBytes(StandardCharsets.UTF_8);
      MessageDigest digest = Sha256.digest();
      digest.update(compact);
      return Sha256.hex(digest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
