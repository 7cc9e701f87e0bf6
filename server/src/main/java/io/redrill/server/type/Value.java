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

  /// About how many bytes of memory it takes.
  long sizeBytes();
}
