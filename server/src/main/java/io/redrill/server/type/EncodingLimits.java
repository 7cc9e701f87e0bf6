package io.redrill.server.type;

/// The sizes at which values change from packed bytes to larger structures: the settings of Redis
/// with the same names.
///
/// @param setMaxListpackEntries for sets of other members than integers: no setting of 7.0, which
///   keeps them in a table; the value is the default of the releases that pack them
/// @param listMaxListpackSize elements of a list chunk, or if negative the class of its size
/// @param streamNodeMaxEntries entries of a stream node, which approximate trimming goes by
public record EncodingLimits(
    int hashMaxListpackEntries,
    int hashMaxListpackValue,
    int setMaxIntsetEntries,
    int setMaxListpackEntries,
    int setMaxListpackValue,
    int zsetMaxListpackEntries,
    int zsetMaxListpackValue,
    int listMaxListpackSize,
    int streamNodeMaxBytes,
    int streamNodeMaxEntries) {

  /// The defaults of Redis 7.0.
  public static final EncodingLimits DEFAULT =
      new EncodingLimits(512, 64, 512, 128, 64, 128, 64, -2, 4096, 100);

  /// How many bytes a packed list chunk may have.
  public int listChunkBytes() {
    return listMaxListpackSize >= 0 ? 8192 : 4096 << Math.min(4, -listMaxListpackSize - 1);
  }

  /// How many elements a packed list chunk may have.
  public int listChunkElements() {
    return listMaxListpackSize >= 0 ? Math.max(1, listMaxListpackSize) : Integer.MAX_VALUE;
  }
}
