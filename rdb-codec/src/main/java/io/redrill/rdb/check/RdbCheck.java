package io.redrill.rdb.check;

import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.util.Optional;

/// Reads an RDB once and finds what is wrong with it: its structure, its checksum, and every packed
/// encoding inside to the last element, by the rules that servers load by.
///
/// A damaged value does not end the check, as its end is known; damage to the structure does. The
/// same pass counts and fingerprints, so that nobody needs to read twice. Memory: one value as far
/// as [io.redrill.rdb.RdbCursor] holds it, what [ValueCheck] keeps of it, and a bounded number of
/// findings. That a key does not occur twice is checked only where temporary files are allowed
/// ([RdbCheckOptions#spill]), and only there are the members of the largest collections compared.
public final class RdbCheck {

  /// More findings than this are not kept, and of those that are no errors only half as many; all
  /// errors are counted.
  public static final int MAX_FINDINGS = 1000;

  /// How deep a check looks.
  public enum Depth {
    /// The records and the checksum; values are passed over, and there is no digest.
    STRUCTURE,
    /// ... and every value, to its last element.
    ELEMENTS
  }

  private RdbCheck() {}

  /// Checks the RDB that begins with the next byte of `in`, and takes exactly its bytes. Blocks
  /// until the end is reached or cannot be.
  ///
  /// @throws IOException if reading fails; what is wrong with the bytes is in the report instead
  public static RdbCheckReport check(ByteInput in) throws IOException {
    return check(in, RdbCheckOptions.DEFAULT);
  }

  /// As above, as `options` say.
  ///
  /// @throws IOException if reading fails, or temporary files do
  public static RdbCheckReport check(ByteInput in, RdbCheckOptions options) throws IOException {
    return new FileCheck(in, options, Optional.empty()).run(false);
  }

  /// As [#check], for an input that should end with the RDB: bytes after it are a finding.
  ///
  /// @throws IOException if reading fails
  public static RdbCheckReport checkFile(ByteInput in) throws IOException {
    return checkFile(in, RdbCheckOptions.DEFAULT);
  }

  /// As above, as `options` say.
  ///
  /// @throws IOException if reading fails, or temporary files do
  public static RdbCheckReport checkFile(ByteInput in, RdbCheckOptions options) throws IOException {
    if (options.spill().isEmpty()) {
      return new FileCheck(in, options, Optional.empty()).run(true);
    }
    try (DuplicateKeys keys = new DuplicateKeys(options.spill().get())) {
      return new FileCheck(in, options, Optional.of(keys)).run(true);
    }
  }
}
