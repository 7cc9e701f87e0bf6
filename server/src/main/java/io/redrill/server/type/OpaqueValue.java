package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;

/// A value that the RDB codec can read and no command can work on: kept as its stored bytes, and
/// written back as they were.
///
/// @param type how the bytes are to be read
/// @param bytes the value as it stands in an RDB after its key; constant
public record OpaqueValue(RdbType type, byte[] bytes) implements Value {

  @Override
  public RdbKind kind() {
    return type.kind();
  }

  @Override
  public String encoding() {
    return kind() == RdbKind.HASH ? "listpackex" : "raw";
  }

  @Override
  public OpaqueValue copy() {
    return this;
  }

  @Override
  public long sizeBytes() {
    return Footprint.object(8) + Footprint.array(bytes.length);
  }
}
