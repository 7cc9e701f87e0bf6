package io.redrill.backup.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Reads the fields of a stored JSON object, and turns everything that is not as described into
/// [ErrorCode#REPOSITORY_DAMAGED] naming object and field.
final class JsonReader {

  private final JsonNode node;
  private final String object;
  private final String path;

  private JsonReader(JsonNode node, String object, String path) {
    this.node = node;
    this.object = object;
    this.path = path;
  }

  /// Parses `bytes` and proves format and version.
  static JsonReader plain(byte[] bytes, String object, String format, int version) {
    return new JsonReader(parse(bytes, object), object, "").known(format, version);
  }

  /// As above, and proves the object's own checksum: first, since a damaged version says nothing.
  static JsonReader sealed(byte[] bytes, String object, String format, int version) {
    ObjectNode root = parse(bytes, object);
    JsonReader reader = new JsonReader(root, object, "");
    if (!Json.checksum(root).equals(reader.text(Json.CHECKSUM))) {
      throw reader.damaged(Json.CHECKSUM, "the checksum does not match");
    }
    return reader.known(format, version);
  }

  private JsonReader known(String format, int version) {
    if (!text("format").equals(format)) {
      throw damaged("format", "expected " + format);
    }
    if (number("version") > version) {
      throw new RedrillException(
          ErrorCode.REPOSITORY_TOO_NEW, "object", object, "version", number("version"));
    }
    return this;
  }

  private static ObjectNode parse(byte[] bytes, String object) {
    try {
      if (Json.MAPPER.readTree(bytes) instanceof ObjectNode root) {
        return root;
      }
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "object", object, "problem", "not JSON");
    }
    throw new RedrillException(
        ErrorCode.REPOSITORY_DAMAGED, "object", object, "problem", "not a JSON object");
  }

  boolean has(String field) {
    return node.has(field);
  }

  String text(String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw damaged(field, "expected text");
    }
    return value.textValue();
  }

  long number(String field) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw damaged(field, "expected a whole number");
    }
    return value.longValue();
  }

  Instant time(String field) {
    try {
      return Instant.parse(text(field));
    } catch (DateTimeException e) {
      throw damaged(field, "expected a time");
    }
  }

  JsonReader child(String field) {
    JsonNode value = node.path(field);
    if (!value.isObject()) {
      throw damaged(field, "expected an object");
    }
    return new JsonReader(value, object, path + field + ".");
  }

  List<JsonReader> children(String field) {
    List<JsonReader> children = new ArrayList<>();
    for (JsonNode value : array(field)) {
      if (!value.isObject()) {
        throw damaged(field, "expected objects");
      }
      children.add(new JsonReader(value, object, path + field + "[]."));
    }
    return children;
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    array(field).forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private JsonNode array(String field) {
    JsonNode value = node.path(field);
    if (!value.isArray()) {
      throw damaged(field, "expected an array");
    }
    return value;
  }

  /// Runs `maker`; a value that it refuses is damage.
  <T> T checked(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "object", object, "problem", e.getMessage() + "");
    }
  }

  private RedrillException damaged(String field, String problem) {
    return new RedrillException(
        ErrorCode.REPOSITORY_DAMAGED, "object", object, "field", path + field, "problem", problem);
  }
}
