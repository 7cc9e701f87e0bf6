package io.redrill.verify.report;

/// One stored object that the drill read: the chain of custody from the repository to the proof.
///
/// @param key its key in the repository
/// @param role what it is: `manifest`, `part` or `segment`
/// @param sizeBytes how many stored bytes were read
/// @param sha256 what the stored bytes hash to, in hex; empty if the object could not be read
/// @param intact whether that is what the manifest or the object's own frame says
public record CustodyEntry(
    String key, String role, long sizeBytes, String sha256, boolean intact) {}
