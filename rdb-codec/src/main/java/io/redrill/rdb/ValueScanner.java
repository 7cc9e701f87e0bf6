package io.redrill.rdb;

import io.redrill.rdb.encoding.Listpack;
import java.io.IOException;
import java.util.Map;

/// Finds where a value ends without looking into it: it follows counts and lengths only.
final class ValueScanner {

  static final int TEMPLATE_LISTPACK = 0;
  static final int TEMPLATE_STRINGS = 1;
  static final int ARRAY_STRING = 0;
  static final int ARRAY_INTEGER = 1;
  static final int ARRAY_DOUBLE = 2;
  static final int ARRAY_SHORT_STRING = 3;

  static final int STREAM_ID_BYTES = 16;

  private final RdbInput in;
  private final Map<Long, RdbRecord.HashTemplate> templates;

  /// Scans values of `in`; `templates` are those of the file so far, by id.
  ValueScanner(RdbInput in, Map<Long, RdbRecord.HashTemplate> templates) {
    this.in = in;
    this.templates = templates;
  }

  /// Consumes a value of type `type`.
  void skip(RdbType type) throws IOException {
    skipRest(type, skipFront(type));
  }

  /// Consumes what stands in front of a value's items, and gives their number; of a value that does
  /// not consist of items, nothing but a module's id.
  private long skipFront(RdbType type) throws IOException {
    return switch (type) {
      case HASH_METADATA -> {
        in.bytes().skip(8);
        yield in.count();
      }
      case ARRAY -> arrayCount();
      case MODULE_2 -> {
        in.length();
        yield 0; // vectors go up to an end of their own
      }
      default -> type.consistsOfItems() ? in.count() : 0;
    };
  }

  /// Consumes the last `count` items of a value of type `type`, and what follows them.
  void skipRest(RdbType type, long count) throws IOException {
    switch (type) {
      case STRING,
          HASH_ZIPMAP,
          LIST_ZIPLIST,
          SET_INTSET,
          ZSET_ZIPLIST,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          HASH_LISTPACK_EX_CANDIDATE,
          ZSET_LISTPACK,
          SET_LISTPACK,
          HASH_TEMPLATE_LISTPACK_REF ->
          in.skipString();
      case LIST, SET, LIST_QUICKLIST -> strings(count);
      case LIST_QUICKLIST_2 -> {
        for (long left = count; left > 0; left--) {
          in.length();
          in.skipString();
        }
      }
      case ZSET -> {
        for (long left = count; left > 0; left--) {
          in.skipString();
          in.skipTextDouble();
        }
      }
      case ZSET_2 -> {
        for (long left = count; left > 0; left--) {
          in.skipString();
          in.bytes().skip(8);
        }
      }
      case HASH -> pairs(count);
      case HASH_METADATA, HASH_METADATA_CANDIDATE -> {
        for (long left = count; left > 0; left--) {
          in.length();
          pairs(1);
        }
      }
      case HASH_2_VALKEY -> {
        for (long left = count; left > 0; left--) {
          pairs(1);
          in.bytes().skip(8);
        }
      }
      case STREAM_LISTPACKS,
          STREAM_LISTPACKS_2,
          STREAM_LISTPACKS_3,
          STREAM_LISTPACKS_4,
          STREAM_LISTPACKS_5 -> {
        pairs(count);
        streamTail(type.streamVersion());
      }
      case ARRAY -> arrayElements(count);
      case HASH_LISTPACK_EX -> {
        in.bytes().skip(8);
        in.skipString();
      }
      case HASH_TEMPLATE_LISTPACK -> {
        templateFields();
        in.skipString();
      }
      case HASH_TEMPLATE_ARRAY -> strings(templateFields());
      case HASH_TEMPLATE_ARRAY_REF -> {
        long id = in.length();
        strings(HashTemplates.find(in, id, templates).fields().size());
      }
      case GCRA -> in.length();
      case CRON_KEYDB -> {
        in.skipString();
        in.bytes().skip(16);
        strings(in.count());
        strings(in.count());
      }
      case PATH_HASH_VALKEY -> {
        for (long paths = in.count(); paths > 0; paths--) {
          in.skipString();
          pairs(in.count());
        }
      }
      case MODULE_2 -> moduleValues();
    }
  }

  /// Consumes the names of fields, and tells how many they are.
  private long templateFields() throws IOException {
    return switch (in.tag()) {
      case TEMPLATE_LISTPACK -> Listpack.parse(in.string()).size();
      case TEMPLATE_STRINGS -> {
        long count = in.count();
        strings(count);
        yield count;
      }
      default -> throw in.corrupt("the fields of a hash are neither a listpack nor strings");
    };
  }

  private long arrayCount() throws IOException {
    long count = in.count();
    switch (in.tag()) {
      case 0 -> {
        // The array does not say where the next insertion goes.
      }
      case 1 -> in.length();
      default -> throw in.corrupt("an array has an unknown flag");
    }
    return count;
  }

  private void arrayElements(long count) throws IOException {
    for (long left = count; left > 0; left--) {
      in.length();
      switch (in.tag()) {
        case ARRAY_STRING, ARRAY_SHORT_STRING -> in.skipString();
        case ARRAY_INTEGER, ARRAY_DOUBLE -> in.bytes().skip(8);
        default -> throw in.corrupt("an element of an array has an unknown tag");
      }
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

  private void streamTail(int version) throws IOException {
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
        in.bytes().skip(version >= 3 ? 16 : 8);
        rawIds();
      }
      if (version >= 5) {
        rawIds();
      }
    }
    if (version >= 4) {
      numbers(2); // how long and how much is remembered
      for (long producers = in.count(); producers > 0; producers--) {
        in.skipString();
        for (long messages = in.count(); messages > 0; messages--) {
          in.skipString();
          numbers(2);
        }
      }
      numbers(2);
    }
  }

  private void rawIds() throws IOException {
    in.bytes().skip(in.countOf(STREAM_ID_BYTES) * STREAM_ID_BYTES);
  }

  private void numbers(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      in.length();
    }
  }
}
