package io.redrill.aof.resp;

import java.math.BigInteger;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// What a server answers, of either protocol version.
///
/// Byte arrays are shared, not copied: treat them as constant. The `as…` methods are for callers
/// that know what to expect, and refuse anything else.
public sealed interface RespReply {

  /// A short status such as `OK`.
  record SimpleString(String text) implements RespReply {}

  /// A refusal. `text` begins with a code in capitals (`ERR`, `NOAUTH`, ...).
  record ErrorReply(String text) implements RespReply {}

  /// A signed 64-bit integer.
  record IntegerReply(long value) implements RespReply {}

  /// A string of any bytes.
  record BulkString(byte[] bytes) implements RespReply {}

  /// Nothing: the null of version 3, and the null string and null array of version 2.
  record NullReply() implements RespReply {}

  /// A list of replies.
  record ArrayReply(List<RespReply> items) implements RespReply {}

  /// Keys with their values, in the order sent (version 3).
  record MapReply(List<Entry> entries) implements RespReply {

    /// One key and its value.
    public record Entry(RespReply key, RespReply value) {}
  }

  /// Distinct elements, in the order sent (version 3).
  record SetReply(List<RespReply> items) implements RespReply {}

  /// A floating point number (version 3).
  record DoubleReply(double value) implements RespReply {}

  /// True or false (version 3).
  record BooleanReply(boolean value) implements RespReply {}

  /// An integer of any size (version 3).
  record BigNumber(BigInteger value) implements RespReply {}

  /// Text with a three letter format such as `txt` or `mkd` (version 3).
  record VerbatimString(String format, byte[] bytes) implements RespReply {}

  /// A message that answers no command (version 3).
  record PushReply(List<RespReply> items) implements RespReply {}

  /// The bytes of a string of any sort.
  ///
  /// @throws ProtocolException if this is no string
  default byte[] asBytes() throws ProtocolException {
    return switch (this) {
      case SimpleString(String text) -> text.getBytes(StandardCharsets.UTF_8);
      case BulkString(byte[] bytes) -> bytes;
      case VerbatimString(_, byte[] bytes) -> bytes;
      case ErrorReply _,
          IntegerReply _,
          NullReply _,
          ArrayReply _,
          MapReply _,
          SetReply _,
          DoubleReply _,
          BooleanReply _,
          BigNumber _,
          PushReply _ ->
          throw unexpected("a string");
    };
  }

  /// The text of a string of any sort, read as UTF-8.
  ///
  /// @throws ProtocolException if this is no string
  default String asText() throws ProtocolException {
    return new String(asBytes(), StandardCharsets.UTF_8);
  }

  /// The value of an integer.
  ///
  /// @throws ProtocolException if this is no integer
  default long asLong() throws ProtocolException {
    if (this instanceof IntegerReply(long value)) {
      return value;
    }
    throw unexpected("an integer");
  }

  /// The elements of an array, set or push message.
  ///
  /// @throws ProtocolException if this is none of them
  default List<RespReply> asList() throws ProtocolException {
    return switch (this) {
      case ArrayReply(List<RespReply> items) -> items;
      case SetReply(List<RespReply> items) -> items;
      case PushReply(List<RespReply> items) -> items;
      case SimpleString _,
          ErrorReply _,
          IntegerReply _,
          BulkString _,
          NullReply _,
          MapReply _,
          DoubleReply _,
          BooleanReply _,
          BigNumber _,
          VerbatimString _ ->
          throw unexpected("a list");
    };
  }

  private ProtocolException unexpected(String wanted) {
    return new ProtocolException(
        "unexpected kind of reply (expected=%s, found=%s)"
            .formatted(wanted, getClass().getSimpleName().toLowerCase(Locale.ROOT)));
  }
}
