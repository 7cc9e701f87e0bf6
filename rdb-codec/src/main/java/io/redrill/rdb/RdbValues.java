package io.redrill.rdb;

/// Decodes stored values into what they mean, all of a value at once; [ValueWalker] is the way to
/// look at one without keeping it.
public final class RdbValues {

  private RdbValues() {}

  /// Decodes the value of `entry`.
  ///
  /// @throws CorruptInputException if it is damaged; the offset is the one inside the value, and
  ///   the input is called `value`
  public static RdbValue decode(RdbRecord.Entry entry) throws FormatException {
    try {
      return decode(entry.type(), entry.value());
    } catch (CorruptInputException e) {
      CorruptInputException located =
          new CorruptInputException(e.problem(), "value", e.offset(), KeyText.of(entry.key()));
      located.initCause(e);
      throw located;
    }
  }

  /// Decodes `value`, the bytes of a value of type `type` without the type byte.
  ///
  /// @throws CorruptInputException if it is damaged; the offset is the one inside the value or,
  ///   with the name of a packed encoding as the input, the one inside that
  public static RdbValue decode(RdbType type, byte[] value) throws FormatException {
    ValueCollector collector = new ValueCollector(type);
    new ValueWalker().walk(type, ByteSlice.of(value), collector);
    return collector.value();
  }

  /// Hands the pieces of `value` to `handler`, in their order.
  public static void walk(RdbValue value, ElementHandler handler) {
    new ValueFeeder(handler).feed(value);
  }
}
