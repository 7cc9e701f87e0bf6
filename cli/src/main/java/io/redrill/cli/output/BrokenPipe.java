package io.redrill.cli.output;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.Objects;

/// Tells that a write failed because nobody reads any more.
///
/// The JDK has no type for that: what the system's error number says is left in the message only,
/// in the words that the C library has for it in the language of the process. So the C library is
/// asked for its words.
final class BrokenPipe {

  /// The number of the error, on Linux, macOS and the BSDs.
  private static final int EPIPE = 32;

  private static final int MOST_BYTES = 1024;
  private static final Charset NATIVE =
      Charset.forName(System.getProperty("native.encoding", "UTF-8"));
  private static final String IN_ENGLISH = "Broken pipe";

  private BrokenPipe() {}

  /// Whether this is why a write failed with `failure`.
  static boolean isCauseOf(IOException failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    return message.contains(IN_ENGLISH) || message.contains(words());
  }

  @SuppressWarnings("restricted") // a function of the C library that takes a number and fails never
  private static String words() {
    try {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      MemorySegment text =
          (MemorySegment)
              linker
                  .downcallHandle(
                      library.findOrThrow("strerror"),
                      FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                  .invokeExact(EPIPE);
      return text.reinterpret(MOST_BYTES).getString(0, NATIVE);
    } catch (Throwable noSuchLibrary) {
      return IN_ENGLISH;
    }
  }
}
