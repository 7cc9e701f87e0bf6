package io.redrill.server.type;

import io.redrill.rdb.RdbKind;

/// What a key holds: decoded, so that commands can work on it, or opaque.
public sealed interface Value permits DecodedValue, OpaqueValue {

  /// What the value is to a client.
  RdbKind kind();

  /// The name of its form in memory, as `OBJECT ENCODING` says it.
  String encoding();

  /// An independent copy, for `COPY`.
  Value copy();

  /// How many bytes of memory its objects take, as [Footprint] counts them; of a large collection,
  /// the slots of its table are reckoned as an average. About, of a stream.
  long sizeBytes();
}
