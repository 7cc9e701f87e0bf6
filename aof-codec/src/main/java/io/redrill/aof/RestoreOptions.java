package io.redrill.aof;

/// How [RestoreCommands] writes.
///
/// @param replace whether a key, and a library of functions, that is there already is replaced
/// @param expand whether values are written as ordinary commands where there are such, for servers
///   that refuse what `RESTORE` takes from newer ones
/// @param since70 whether ordinary commands may say what only Redis 7.0 and later take: the counts
///   of streams and their groups, consumers without pending entries, and functions
public record RestoreOptions(boolean replace, boolean expand, boolean since70) {}
