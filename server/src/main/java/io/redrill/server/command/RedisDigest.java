package io.redrill.server.command;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.type.DecodedValue;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.OpaqueValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The digest of `DEBUG DIGEST`, equal to that of a Redis that holds the same data.
///
/// Two steps build it, each from the SHA-1 of some bytes: *add* xors that into the state, so that
/// order does not matter; *mix* adds and then replaces the state by its own SHA-1, so that it does.
final class RedisDigest {

  private static final byte[] EXPIRES = "!!expire!!".getBytes(StandardCharsets.ISO_8859_1);

  private final MessageDigest sha1;
  private byte[] state = new byte[20];

  RedisDigest() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }

  /// The digest of all databases, as 40 hexadecimal digits.
  static String of(Keyspace keyspace) {
    RedisDigest whole = new RedisDigest();
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database db = keyspace.database(i);
      if (db.size() == 0) {
        continue;
      }
      whole.mix(ByteBuffer.allocate(4).putInt(i).array());
      for (KeyEntry entry : db.entries()) {
        RedisDigest one = new RedisDigest();
        one.mix(entry.key());
        one.addValue(entry);
        whole.add(one.state);
      }
    }
    return whole.hex();
  }

  /// The digest of one value, without its key.
  static String of(KeyEntry entry) {
    RedisDigest one = new RedisDigest();
    one.addValue(entry);
    return one.hex();
  }

  String hex() {
    return HexFormat.of().formatHex(state);
  }

  private void add(byte[] bytes) {
    byte[] hash = sha1.digest(bytes);
    for (int i = 0; i < hash.length; i++) {
      state[i] ^= hash[i];
    }
  }

  private void mix(byte[] bytes) {
    add(bytes);
    state = sha1.digest(state);
  }

  private void addValue(KeyEntry entry) {
    mix(ByteBuffer.allocate(4).putInt(number(entry.value().kind())).array());
    switch (entry.value()) {
      case DecodedValue decoded -> addDecoded(decoded.toRdb());
      case OpaqueValue opaque -> {
        try {
          addDecoded(RdbValues.decode(opaque.type(), opaque.bytes()));
        } catch (FormatException e) {
          throw new IllegalStateException("the value was decoded when it came", e);
        }
      }
    }
    if (entry.isVolatile()) {
      add(EXPIRES);
    }
  }

  private static int number(RdbKind kind) {
    return switch (kind) {
      case STRING -> 0;
      case LIST -> 1;
      case SET -> 2;
      case SORTED_SET -> 3;
      case HASH -> 4;
      case MODULE, VECTOR_SET, OTHER -> 5;
      case STREAM -> 6;
      case ARRAY -> 7;
    };
  }

  private void addDecoded(RdbValue value) {
    switch (value) {
      case RdbValue.StringValue string -> mix(string.bytes());
      case RdbValue.ListValue list -> list.elements().forEach(this::mix);
      case RdbValue.SetValue set -> set.members().forEach(this::add);
      case RdbValue.SortedSetValue sortedSet ->
          sortedSet.members().forEach(one -> addPair(one.member(), Numbers.text(one.score())));
      case RdbValue.HashValue hash ->
          hash.fields().forEach(field -> addPair(field.field(), field.value()));
      case RdbValue.StreamValue stream ->
          stream
              .entries()
              .forEach(entry -> {
                String id =
                    Long.toUnsignedString(entry.id().millis())
                        + "."
                        + Long.toUnsignedString(entry.id().sequence());
                mix(id.getBytes(StandardCharsets.ISO_8859_1));
                entry.fieldsAndValues().forEach(this::mix);
              });
      case RdbValue.ModuleValue module -> mix(module.payload());
      case RdbValue.VectorSetValue vectors -> mix(vectors.payload());
      case RdbValue.OpaqueValue opaque -> mix(opaque.payload());
      case RdbValue.ArrayValue _ ->
          throw new IllegalStateException("no server says how it digests an array");
    }
  }

  private void addPair(byte[] first, byte[] second) {
    RedisDigest pair = new RedisDigest();
    pair.mix(first);
    pair.mix(second);
    add(pair.state);
  }
}
