package io.redrill.aof;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How an append-only file becomes one that a server loads: what comes before the first fault
/// stays, and nothing that comes after it, since that would be a state which no server ever had.
///
/// @param source what is to be repaired
/// @param whole the files that stay as they are, in the order in which a server loads them
/// @param torn the file that ends with its last sound record, behind those
/// @param dropped the files behind that one
/// @param isBaseCut whether what is cut is a base of commands: the keys of a state, in any order,
///   so that some are missing which the server had at that time
public record AofRepairPlan(
    AofDirectory source,
    List<Path> whole,
    Optional<TornFile> torn,
    List<Path> dropped,
    boolean isBaseCut) {

  /// A file of which the first `soundBytes` of `sizeBytes` stay.
  public record TornFile(Path file, long soundBytes, long sizeBytes) {}

  /// Copies the lists.
  public AofRepairPlan {
    whole = List.copyOf(whole);
    dropped = List.copyOf(dropped);
  }

  /// Whether anything has to go. A set without a fault stays as it is.
  public boolean isNeeded() {
    return torn.isPresent() || !dropped.isEmpty() || whole.size() < source.files().size();
  }
}
