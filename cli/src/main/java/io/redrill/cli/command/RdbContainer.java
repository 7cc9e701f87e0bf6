package io.redrill.cli.command;

import io.redrill.rdb.RdbEnvelope;
import java.util.Locale;

/// What an RDB stands in that is not the whole of its file.
enum RdbContainer {
  LZ4_ENVELOPE("a compression envelope of Valkey (lz4)"),
  ZSTD_ENVELOPE("a compression envelope of Valkey (zstd)"),
  FULL_SYNC("the recording of a full synchronisation; commands behind the RDB are not looked at"),
  DUMP("what DUMP answered, read as an RDB with the one key dump");

  private final String words;

  RdbContainer(String words) {
    this.words = words;
  }

  static RdbContainer of(RdbEnvelope envelope) {
    return switch (envelope.codec()) {
      case LZ4 -> LZ4_ENVELOPE;
      case ZSTD -> ZSTD_ENVELOPE;
    };
  }

  /// As in "it stands in ...".
  String words() {
    return words;
  }

  /// The name in JSON: `lz4-envelope`.
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
