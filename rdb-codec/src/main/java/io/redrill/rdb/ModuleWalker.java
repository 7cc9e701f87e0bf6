package io.redrill.rdb;

import io.redrill.rdb.ElementHandler.Quantization;
import io.redrill.rdb.ElementHandler.VectorSetShape;
import io.redrill.rdb.encoding.ElementSlot;
import java.io.IOException;
import java.util.Map;

/// Walks a module's value: its type's id, then tagged primitives ([ModuleTag]) up to an end tag.
/// What the primitives mean is known of vector sets only; the rest is carried as it is.
///
/// A vector set is, each primitive after its tag:
///
/// | what | |
/// |---|---|
/// | dimensions, count | |
/// | bits 0 to 7: quantization (0 float, 1 int8, 2 binary); bits 8 to 23: links per node (0: 16) | |
/// | bit 0: there is a projection; bit 1: there are attributes | |
/// | dimensions before the projection, its matrix as floats | if there is one |
/// | element, attributes, vector, count of numbers, as many numbers | per vector; attributes if there are any |
///
/// The numbers of a vector are those of its node in the graph, whose last one is not of the graph:
/// the quantization's range in the upper 32 bits, the vector's norm in the lower, both as floats.
final class ModuleWalker {

  private static final int HAS_PROJECTION = 1;
  private static final int HAS_ATTRIBUTES = 2;
  private static final int DEFAULT_LINKS = 16;
  private static final ByteSlice NOTHING = new ByteSlice();

  private final RdbInput in;
  private final Items items;
  private final ElementSlot element = new ElementSlot();
  private final ElementSlot attributes = new ElementSlot();
  private final ElementSlot vector = new ElementSlot();

  ModuleWalker(RdbInput in, Items items) {
    this.in = in;
    this.items = items;
  }

  /// Whether `id` stands in front of a vector set. Ten bits of encoding version stand below the
  /// name; only the first is known.
  static boolean isVectorSet(long id) {
    return ModuleName.of(id).equals(ModuleName.VECTOR_SET) && (id & 0x3ff) == 0;
  }

  /// Walks a value of which `whole` are all bytes, or none if it is a vector set in a stream.
  void walk(ByteSlice whole, ElementHandler handler) throws IOException {
    long id = in.length();
    if (isVectorSet(id)) {
      vectorSet(whole, handler);
      return;
    }
    new ValueScanner(in, Map.of()).moduleValues();
    handler.opaque(ModuleName.of(id), whole);
  }

  private void vectorSet(ByteSlice whole, ElementHandler handler) throws IOException {
    long dimensions = unsigned();
    long count = unsigned();
    long configuration = unsigned();
    long flags = unsigned();
    if (dimensions <= 0 || dimensions > Integer.MAX_VALUE / 4 || count < 0) {
      throw in.corrupt("a vector set has an impossible shape");
    }
    long projectedFrom = 0;
    if ((flags & HAS_PROJECTION) != 0) {
      projectedFrom = unsigned();
      string(vector);
      // A float for each pair of dimensions. (The length of an array is no more than an int.)
      int row = (int) dimensions * Float.BYTES;
      if (vector.text().length() % row != 0 || vector.text().length() / row != projectedFrom) {
        throw in.corrupt("the projection of a vector set has another size than it says");
      }
    }
    int links = (int) (configuration >>> 8 & 0xffff);
    VectorSetShape shape =
        new VectorSetShape(
            (int) dimensions,
            count,
            quantization((int) configuration & 0xff),
            links == 0 ? DEFAULT_LINKS : links,
            projectedFrom);
    handler.vectorSet(shape, whole);
    for (items.begin(count); items.left() > 0; items.next()) {
      vector(shape, (flags & HAS_ATTRIBUTES) != 0, handler);
    }
    if (in.tag() != ModuleTag.END) {
      throw in.corrupt("a vector set goes on after its last vector");
    }
  }

  private Quantization quantization(int number) throws CorruptInputException {
    for (Quantization quantization : Quantization.values()) {
      if (quantization.number() == number) {
        return quantization;
      }
    }
    throw in.corrupt("a vector set has an unknown quantization");
  }

  private void vector(VectorSetShape shape, boolean hasAttributes, ElementHandler handler)
      throws IOException {
    string(element);
    if (hasAttributes) {
      string(attributes);
    }
    string(vector);
    if (vector.text().length() != shape.vectorBytes()) {
      throw in.corrupt("a vector does not have as many bytes as its set's others");
    }
    long last = 0;
    for (long left = unsigned(); left > 0; left--) {
      last = unsigned();
    }
    handler.vector(
        element.text(),
        hasAttributes ? attributes.text() : NOTHING,
        vector.text(),
        Float.intBitsToFloat((int) (last >>> 32)),
        Float.intBitsToFloat((int) last));
  }

  private long unsigned() throws IOException {
    if (in.tag() != ModuleTag.UNSIGNED) {
      throw in.corrupt("a vector set holds something else where a number should be");
    }
    return in.length();
  }

  private void string(ElementSlot slot) throws IOException {
    if (in.tag() != ModuleTag.STRING) {
      throw in.corrupt("a vector set holds something else where a string should be");
    }
    in.string(slot);
  }
}
