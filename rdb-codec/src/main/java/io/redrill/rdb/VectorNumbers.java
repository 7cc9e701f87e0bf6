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

  /// The numbers of `vector`, as many as `shape` has dimensions.
  ///
  /// @param vector,range,norm as [ElementHandler#vector] hands them over
  /// @throws IllegalArgumentException if `vector` has another length than `shape` says
  public static float[] of(VectorSetShape shape, ByteSlice vector, float range, float norm) {
    if (vector.length() != shape.vectorBytes()) {
      throw new IllegalArgumentException(
          "a vector of %d bytes where its shape says %d"
              .formatted(vector.length(), shape.vectorBytes()));
    }
    byte[] bytes = vector.array();
    int from = vector.offset();
    float[] numbers = new float[shape.dimensions()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (shape.quantization()) {
            case FLOAT -> Float.intBitsToFloat(LittleEndian.getInt(bytes, from + 4 * i)) * norm;
            case INT8 -> bytes[from + i] * range / 127 * norm;
            case BINARY -> {
              // Words of 64 bits, little-endian: so the bits lie in the bytes in their order.
              boolean isSet = (bytes[from + i / 8] >> (i % 8) & 1) == 1;
              yield isSet ? 1 : -1;
            }
          };
    }
    return numbers;
  }
}
