package io.redrill.rdb;

import java.io.IOException;

/// Finds where a value ends without looking into it: it follows counts and lengths only.
final class ValueScanner {

  private static final int STREAM_ID_BYTES = 16;

  private final RdbInput in;

  ValueScanner(RdbInput in) {
    this.in = in;
  }

  /// Consumes a value of type `type`.
  void skip(RdbType type) throws IOException {
    switch (type) {
      case STRING,
          HASH_ZIPMAP,
          LIST_ZIPLIST,
          SET_INTSET,
          ZSET_ZIPLIST,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          ZSET_LISTPACK,
          SET_LISTPACK ->
          in.skipString();
      case LIST, SET, LIST_QUICKLIST -> strings(in.count());
      case HASH -> pairs(in.count());
      case ZSET -> {
        for (long left = in.count(); left > 0; left--) {
          in.skipString();
          in.skipTextDouble();
        }
      }
      case ZSET_2 -> {
        for (long left = in.count(); left > 0; left--) {
          in.skipString();
          in.bytes().skip(8);
        }
      }
      case LIST_QUICKLIST_2 -> {
        for (long left = in.count(); left > 0; left--) {
          in.length();
          in.skipString();
        }
      }
      case HASH_METADATA -> {
        in.bytes().skip(8);
        for (long left = in.count(); left > 0; left--) {
          in.length();
          pairs(1);
        }
      }
      case HASH_LISTPACK_EX -> {
        in.bytes().skip(8);
        in.skipString();
      }
      case HASH_2_VALKEY -> {
        for (long left = in.count(); left > 0; left--) {
          pairs(1);
          in.bytes().skip(8);
        }
      }
      case MODULE_2 -> {
        in.length();
        moduleValues();
      }
      case STREAM_LISTPACKS -> stream(1);
      case STREAM_LISTPACKS_2 -> stream(2);
      case STREAM_LISTPACKS_3 -> stream(3);
    }
  }

  private void strings(long count) throws IOException {
    for (long left = count; left > 0; left--) {
      in.skipString();
    }
  }

  private void pairs(long count) throws IOException {
    for (long left = count; left > 0; left--) {
      in.skipString();
      in.skipString();
    }
  }

  /// Consumes a module's tagged values and the zero that ends them.
  void moduleValues() throws IOException {
    while (true) {
      int tag = in.tag();
      if (tag == ModuleTag.END) {
        return;
      }
      moduleValue(tag);
    }
  }

  /// Consumes what follows the tag `tag`.
  private void moduleValue(int tag) throws IOException {
    switch (tag) {
      case ModuleTag.SIGNED, ModuleTag.UNSIGNED -> in.length();
      case ModuleTag.FLOAT -> in.bytes().skip(4);
      case ModuleTag.DOUBLE -> in.bytes().skip(8);
      case ModuleTag.STRING -> in.skipString();
      default -> throw in.corrupt("a module's value has an unknown tag");
    }
  }

  private void stream(int version) throws IOException {
    pairs(in.count());
    // length, last id; from version 2 on first id, greatest deleted id, entries added
    numbers(version == 1 ? 3 : 8);
    for (long groups = in.count(); groups > 0; groups--) {
      in.skipString();
      numbers(version == 1 ? 2 : 3);
      for (long pending = in.count(); pending > 0; pending--) {
        in.bytes().skip(STREAM_ID_BYTES + 8);
        in.length();
      }
      for (long consumers = in.count(); consumers > 0; consumers--) {
        in.skipString();
        in.bytes().skip(version == 3 ? 16 : 8);
        long ids = in.count();
        if (ids > Long.MAX_VALUE / STREAM_ID_BYTES) {
          throw in.corrupt("a length is impossibly large");
        }
        in.bytes().skip(ids * STREAM_ID_BYTES);
      }
    }
  }

  private void numbers(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      in.length();
    }
  }
}
