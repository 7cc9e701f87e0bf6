package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import java.util.List;
import java.util.Map;

/// What can be salvaged of a damaged file, and what cannot.
///
/// @param header the dialect and version of the result: those that the records were read by or,
///   where they were guessed, the lowest version that has all that was found
/// @param headerAssumed whether that header is not the file's own
/// @param fileBytes the size of the damaged file
/// @param keysByDb the number of keys that are whole, by database
/// @param keysInAssumedDb how many of them follow a hole in which another database may have been
///   selected
/// @param lostKeys how many keys were lost, by `basis`
/// @param endFound whether the end of the RDB is there
/// @param trailingBytes the bytes after that end, which are left out
/// @param repeatedKeys how many of the lost keys stand in the result from another place: which of
///   the two is right nobody can say
/// @param libraries how many function libraries were found
/// @param losses the ranges given up, ascending
/// @param stretches the ranges that hold what is whole, ascending
/// @param remarks other things to know, in lower case and without a full stop
public record SalvageReport(
    RdbHeader header,
    boolean headerAssumed,
    long fileBytes,
    Map<Integer, Long> keysByDb,
    long keysInAssumedDb,
    long lostKeys,
    Basis basis,
    boolean endFound,
    long trailingBytes,
    Checksum checksum,
    long repeatedKeys,
    long libraries,
    List<Loss> losses,
    List<Stretch> stretches,
    List<String> remarks) {

  /// Where the number of lost keys comes from.
  public enum Basis {
    /// Nothing was lost.
    NOTHING_LOST,
    /// Each lost key is known by name.
    NAMED,
    /// The file says how many keys each database has.
    DATABASE_SIZES,
    /// The bytes lost, and what a key takes on average in this file.
    MEAN_SIZE,
    /// Only the keys are counted whose beginnings were seen: too few were read to know what a key
    /// takes on average in this file.
    UNKNOWN
  }

  /// What the checksum says. It is compared only where every record could be read, as otherwise it
  /// cannot match.
  public enum Checksum {
    /// It matches: no byte is altered.
    MATCHES,
    /// It does not, though nothing else is wrong: some key or value may be altered, and nobody can
    /// say which.
    DIFFERS,
    /// The file has none, or something could not be read.
    NOT_COMPARED
  }

  /// Records that stand in a row and are whole.
  ///
  /// @param db the database that is selected at `offset`
  /// @param lastDb the one that is selected at `end`
  /// @param dbAssumed whether a hole stands before, in which another may have been selected
  public record Stretch(long offset, long end, int db, int lastDb, boolean dbAssumed) {}

  /// The same with what the checksum says.
  SalvageReport with(Checksum compared) {
    return new SalvageReport(
        header,
        headerAssumed,
        fileBytes,
        keysByDb,
        keysInAssumedDb,
        lostKeys,
        basis,
        endFound,
        trailingBytes,
        compared,
        repeatedKeys,
        libraries,
        losses,
        stretches,
        remarks);
  }

  /// The number of keys that are whole.
  public long keys() {
    return keysByDb.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Whether all that the file ever held is there, as far as anybody can tell.
  public boolean isComplete() {
    return losses.isEmpty()
        && endFound
        && trailingBytes == 0
        && !headerAssumed
        && checksum != Checksum.DIFFERS;
  }
}
