package io.redrill.aof;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Byte strings as the truth of the corpus writes them: text, base 64, or a length and a hash.
public final class Blob {

  private Blob() {}

  /// Whether `bytes` is what `truth` says.
  public static boolean matches(JsonNode truth, byte[] bytes) {
    if (truth.has("sha256")) {
      return truth.get("len").asInt() == bytes.length
          && truth.get("sha256").asText().equals(sha256(bytes));
    }
    return Arrays.equals(bytes(truth), bytes);
  }

  /// The bytes of a truth that is not shortened to a hash.
  public static byte[] bytes(JsonNode truth) {
    return truth.isTextual()
        ? truth.asText().getBytes(StandardCharsets.UTF_8)
        : Base64.getDecoder().decode(truth.get("b64").asText());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
