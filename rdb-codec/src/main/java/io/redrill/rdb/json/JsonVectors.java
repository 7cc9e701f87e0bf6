package io.redrill.rdb.json;

import static io.redrill.rdb.json.JsonText.bytes;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler.Quantization;
import io.redrill.rdb.ElementHandler.VectorSetShape;
import io.redrill.rdb.VectorNumbers;
import java.util.Locale;

/// A vector set as JSON: its shape, then each element with its vector ([VectorNumbers]).
final class JsonVectors {

  private static final byte[] SHAPE = bytes("{\"dimensions\":");
  private static final byte[] NULL = bytes("null");
  private static final byte[] END = bytes("]}");

  private final JsonText text;
  private VectorSetShape shape;
  private boolean hasElements;

  JsonVectors(JsonText text) {
    this.text = text;
    this.shape = new VectorSetShape(0, 0, Quantization.FLOAT, 0, 0);
  }

  void begin(VectorSetShape of) {
    shape = of;
    hasElements = false;
    text.raw(SHAPE);
    text.integer(of.dimensions());
    text.raw(
        bytes(
            ",\"quantization\":\"%s\",\"links\":%d,\"projected_from\":%s,\"elements\":["
                .formatted(
                    of.quantization().name().toLowerCase(Locale.ROOT),
                    of.links(),
                    of.projectedFrom() == 0 ? "null" : Long.toString(of.projectedFrom()))));
  }

  void vector(ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    if (hasElements) {
      text.raw(',');
    }
    hasElements = true;
    text.raw('[');
    text.blob(element);
    text.raw(',');
    text.raw('[');
    for (int i = 0; i < shape.dimensions(); i++) {
      if (i > 0) {
        text.raw(',');
      }
      text.real(VectorNumbers.at(shape, vector, i, range, norm));
    }
    text.raw(']');
    text.raw(',');
    if (attributes.length() == 0) {
      text.raw(NULL);
    } else {
      text.blob(attributes);
    }
    text.raw(']');
  }

  void end() {
    text.raw(END);
  }
}
