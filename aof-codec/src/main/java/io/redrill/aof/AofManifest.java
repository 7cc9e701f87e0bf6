package io.redrill.aof;

import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// The list of the files that make up a multi-part append-only file, in the order of their lines.
///
/// ```
/// file appendonly.aof.2.base.rdb seq 2 type b
/// file "my app.aof.2.incr.aof" seq 2 type i startoffset 96 endoffset 195
/// # a comment
/// ```
///
/// Each line holds pairs of a key and a value in any order; keys in any case; `file`, `seq` and
/// `type` are required, and unknown keys are skipped (and not kept). The offsets, of Redis 8.0 and
/// later, are replication offsets. A line has at most 1024 bytes and ends in a line feed; an empty
/// line, an empty manifest, a second base and incremental files whose numbers do not rise are
/// errors, to servers and to us.
public record AofManifest(List<Part> parts) {

  private static final int LINE_BYTES = 1024;

  /// What decoding puts in the place of bytes that are none.
  private static final char NOT_UTF8 = '\ufffd';

  /// No manifest of a server comes near; a larger file is none.
  private static final long FILE_BYTES = 64L * 1024 * 1024;

  /// What a file is to the set.
  public enum Type {
    /// The state that the rest builds on: at most one, an RDB or commands.
    BASE('b'),
    /// Commands since then, in order.
    INCREMENTAL('i'),
    /// Superseded, to be deleted; not loaded.
    HISTORY('h');

    private final char letter;

    Type(char letter) {
      this.letter = letter;
    }
  }

  /// One file of the set.
  ///
  /// @param name a bare file name
  /// @param sequence 1 or more
  /// @param startOffset,endOffset replication offsets, where the writer knew them
  public record Part(
      String name, long sequence, Type type, OptionalLong startOffset, OptionalLong endOffset) {

    /// A file without offsets.
    public Part(String name, long sequence, Type type) {
      this(name, sequence, type, OptionalLong.empty(), OptionalLong.empty());
    }

    /// The same file once something was cut off its end.
    Part withoutEnd() {
      return new Part(name, sequence, type, startOffset, OptionalLong.empty());
    }
  }

  /// Copies the list.
  public AofManifest {
    parts = List.copyOf(parts);
  }

  /// The base, if there is one.
  public Optional<Part> base() {
    return parts.stream().filter(part -> part.type() == Type.BASE).findFirst();
  }

  /// The incremental files, oldest first.
  public List<Part> increments() {
    return parts.stream().filter(part -> part.type() == Type.INCREMENTAL).toList();
  }

  /// What a server loads, in its order: the base, then the incremental files.
  public List<Part> loadOrder() {
    List<Part> order = new ArrayList<>();
    base().ifPresent(order::add);
    order.addAll(increments());
    return order;
  }

  /// Reads the manifest at `file`.
  ///
  /// @throws CorruptInputException if it is not a manifest
  public static AofManifest load(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES) {
      throw new CorruptInputException("too large for a manifest", file.toString(), 0);
    }
    return parse(Files.readAllBytes(file), file.toString());
  }

  /// Reads a manifest from its bytes; `name` is what errors call it.
  ///
  /// @throws CorruptInputException if the bytes are not a manifest
  public static AofManifest parse(byte[] bytes, String name) throws CorruptInputException {
    List<Part> parts = new ArrayList<>();
    boolean hasBase = false;
    long highest = 0;
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      if (end == bytes.length || end - start >= LINE_BYTES) {
        throw new CorruptInputException("line too long, or without its end", name, start);
      }
      if (bytes[start] != '#') {
        Part part = part(bytes, start, end, name);
        if (part.type() == Type.BASE && hasBase) {
          throw new CorruptInputException("second base file", name, start);
        }
        if (part.type() == Type.INCREMENTAL && part.sequence() <= highest) {
          throw new CorruptInputException("incremental files not in rising order", name, start);
        }
        hasBase |= part.type() == Type.BASE;
        highest = part.type() == Type.INCREMENTAL ? part.sequence() : highest;
        parts.add(part);
      }
      start = end + 1;
    }
    if (bytes.length == 0) {
      throw new CorruptInputException("empty manifest", name, 0);
    }
    return new AofManifest(parts);
  }

  private static Part part(byte[] bytes, int start, int end, String name)
      throws CorruptInputException {
    List<String> words =
        ManifestWords.split(bytes, start, end)
            .orElseThrow(() -> new CorruptInputException("quotes do not match", name, start));
    if (words.size() < 6 || words.size() % 2 != 0) {
      throw new CorruptInputException("not a line of a manifest", name, start);
    }
    String file = "";
    long sequence = 0;
    Optional<Type> type = Optional.empty();
    OptionalLong startOffset = OptionalLong.empty();
    OptionalLong endOffset = OptionalLong.empty();
    for (int i = 0; i < words.size(); i += 2) {
      String value = words.get(i + 1);
      switch (words.get(i).toLowerCase(Locale.ROOT)) {
        case "file" -> file = value;
        case "seq" -> sequence = number(value, name, start);
        case "type" -> type = Optional.of(type(value, name, start));
        case "startoffset" -> startOffset = OptionalLong.of(number(value, name, start));
        case "endoffset" -> endOffset = OptionalLong.of(number(value, name, start));
        default -> {
          // Later versions may add keys; servers skip them too.
        }
      }
    }
    if (file.isEmpty() || sequence < 1) {
      throw new CorruptInputException("line without a file name or number", name, start);
    }
    if (!isBareName(file)) {
      throw new CorruptInputException("file name with a directory", name, start);
    }
    if (file.indexOf(NOT_UTF8) >= 0) {
      throw new CorruptInputException(
          "file name that is not UTF-8, which cannot be opened here", name, start);
    }
    return new Part(
        file,
        sequence,
        type.orElseThrow(() -> new CorruptInputException("line without a type", name, start)),
        startOffset,
        endOffset);
  }

  private static boolean isBareName(String file) {
    return file.indexOf('/') < 0
        && file.indexOf('\\') < 0
        && file.indexOf('\0') < 0
        && !file.equals(".")
        && !file.equals("..");
  }

  private static Type type(String value, String name, int at) throws CorruptInputException {
    for (Type type : Type.values()) {
      if (value.length() == 1 && value.charAt(0) == type.letter) {
        return type;
      }
    }
    throw new CorruptInputException("unknown type of file", name, at);
  }

  private static long number(String value, String name, int at) throws CorruptInputException {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException notANumber) {
      throw new CorruptInputException("not a number: " + value, name, at);
    }
  }

  /// The text form, as servers write it.
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append("file ").append(ManifestWords.quote(part.name()));
      text.append(" seq ").append(part.sequence());
      text.append(" type ").append(part.type().letter);
      part.startOffset().ifPresent(offset -> text.append(" startoffset ").append(offset));
      part.endOffset().ifPresent(offset -> text.append(" endoffset ").append(offset));
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Puts this manifest into `directory` as `fileName`, at once or not at all: a temporary file is
  /// written and made durable, renamed over the manifest before, and the directory made durable.
  public void store(Path directory, String fileName) throws IOException {
    Path temporary = directory.resolve("temp-" + fileName);
    Files.write(temporary, toBytes());
    Durable.force(temporary);
    Files.move(temporary, directory.resolve(fileName), StandardCopyOption.ATOMIC_MOVE);
    Durable.forceDirectory(directory);
  }
}
