package io.redrill.aof;

/// How [RestoreCommands] writes.
///
/// @param replace whether a key, and a library of functions, that is there already is replaced
/// @param expand whether values are written as ordinary commands where there are such, for servers
///   that refuse what `RESTORE` takes from newer ones
/// @param since70 whether ordinary commands may say what only Redis 7.0 and later take: the counts
///   of streams and their groups, consumers without pending entries, and functions
/// @param metadata whether `RESTORE` carries what modules keep about a key, for which servers
///   without these modules refuse the key
public record RestoreOptions(boolean replace, boolean expand, boolean since70, boolean metadata) {

  /// As above, without what modules keep.
  public RestoreOptions(boolean replace, boolean expand, boolean since70) {
    this(replace, expand, since70, false);
  }
}
