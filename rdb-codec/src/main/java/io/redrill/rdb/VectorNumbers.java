package io.redrill.rdb;

import io.redrill.rdb.ElementHandler.VectorSetShape;
import io.redrill.rdb.encoding.LittleEndian;

/// The numbers of a stored vector, as the server that wrote it gives them back (`VEMB`).
///
/// | stored as | number |
/// |---|---|
/// | float | times the vector's norm |
/// | int8 | in 127ths of the vector's range, times its norm |
/// | binary | 1 or -1: the norm is lost |
///
/// The arithmetic is that of 32-bit floats, so that every bit is the server's.
public final class VectorNumbers {

  private VectorNumbers() {}

  /// The number `index` of `vector`.
  ///
  /// @param shape,vector,range,norm as [ElementHandler] gets them
  public static float at(
      VectorSetShape shape, ByteSlice vector, int index, float range, float norm) {
    return switch (shape.quantization()) {
      case FLOAT ->
          Float.intBitsToFloat(
                  LittleEndian.getInt(vector.array(), vector.offset() + Float.BYTES * index))
              * norm;
      case INT8 -> vector.get(index) * range / 127 * norm;
      // Words of 64 bits, little-endian: so the bits lie in the bytes in their order.
      case BINARY -> (vector.get(index / 8) >>> (index % 8) & 1) == 1 ? 1 : -1;
    };
  }
}
