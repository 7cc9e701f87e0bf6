package io.redrill.rdb.digest;

/// The keys of one kind in one database.
///
/// @param keys how many
/// @param expiring how many of them have an expiry
/// @param digest the sum of their hashes
public record KindDigest(long keys, long expiring, Digest128 digest) {

  static final KindDigest NONE = new KindDigest(0, 0, Digest128.ZERO);

  KindDigest plus(KindDigest other) {
    return new KindDigest(keys + other.keys, expiring + other.expiring, digest.plus(other.digest));
  }

  KindDigest minus(KindDigest other) {
    return new KindDigest(keys - other.keys, expiring - other.expiring, digest.minus(other.digest));
  }
}
