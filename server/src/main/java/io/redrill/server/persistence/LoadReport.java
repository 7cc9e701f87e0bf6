package io.redrill.server.persistence;

/// What a load found.
///
/// @param keysLoaded keys that came from RDB files
/// @param keysExpired keys of them that were dropped because their time had passed
/// @param replicationId the identity that an RDB was saved under, or empty
/// @param replicationOffset the position in that identity's stream, or -1
public record LoadReport(
    long keysLoaded, long keysExpired, String replicationId, long replicationOffset) {

  /// Nothing was loaded.
  public static final LoadReport EMPTY = new LoadReport(0, 0, "", -1);
}
