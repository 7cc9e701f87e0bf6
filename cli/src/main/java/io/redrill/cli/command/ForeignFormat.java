package io.redrill.cli.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is often taken for an RDB, told by its first bytes, and what makes one of it.
enum ForeignFormat {
  GZIP("\\x1f\\x8b", "compressed with gzip", unpack("gunzip -c")),
  BZIP2("BZh", "compressed with bzip2", unpack("bunzip2 -c")),
  XZ("\\xfd7zXZ", "compressed with xz", unpack("xz -dc")),
  ZSTD("\\x28\\xb5\\x2f\\xfd", "compressed with zstd", unpack("zstd -dc")),
  LZ4("\\x04\\x22\\x4d\\x18", "compressed with lz4", unpack("lz4 -dc")),
  ZIP("PK\\x03\\x04", "a zip archive", unpack("unzip -p")),
  COMMANDS(
      "\\*[1-9]|#TS:", "an append-only file of commands", "look at it with redrill aof check FILE"),
  MANIFEST(
      "file ",
      "the manifest of an append-only file",
      "look at it with redrill aof check FILE; the base that it names may be an RDB");

  /// As many bytes as need to be seen.
  static final int MOST_BYTES = 8;

  private final Pattern beginning;
  private final String words;
  private final String instead;

  ForeignFormat(String beginning, String words, String instead) {
    this.beginning = Pattern.compile(beginning);
    this.words = words;
    this.instead = instead;
  }

  private static String unpack(String program) {
    return "unpack it first: " + program + " FILE | redrill rdb COMMAND -";
  }

  /// What begins with `first`, if it is known here.
  static Optional<ForeignFormat> of(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.beginning.matcher(text).lookingAt())
        .findFirst();
  }

  /// What the file is, as in "it is ...".
  String words() {
    return words;
  }

  /// What to do with it.
  String instead() {
    return instead;
  }
}
