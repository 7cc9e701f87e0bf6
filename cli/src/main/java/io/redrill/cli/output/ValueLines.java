package io.redrill.cli.output;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.KeyEscape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;

/// Prints a value for people while it is walked, a line an element, its parts apart by tabs; text
/// from the file as [KeyEscape] shows it.
///
/// Methods throw [UncheckedIOException] where printing fails.
public final class ValueLines implements ElementHandler {

  private static final int OPAQUE_BYTES = 64;

  private final ResultStream out;
  private final StringBuilder line = new StringBuilder();

  /// Prints to `out`.
  public ValueLines(ResultStream out) {
    this.out = out;
  }

  /// Ends the line that is still open.
  public void end() {
    if (!line.isEmpty()) {
      line.append('\n');
      try {
        out.text(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      line.setLength(0);
    }
  }

  private ValueLines add(ByteSlice bytes) {
    KeyEscape.append(bytes, line);
    return this;
  }

  private ValueLines add(String text) {
    line.append(text);
    return this;
  }

  private void print() {
    line.append('\n');
    try {
      out.text(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.setLength(0);
  }

  private static String id(long millis, long sequence) {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }

  @Override
  public void string(ByteSlice string) {
    add(string).print();
  }

  @Override
  public void element(ByteSlice element) {
    add(element).print();
  }

  @Override
  public void member(ByteSlice member, double score) {
    add(score(score)).add("\t").add(member).print();
  }

  private static String score(double score) {
    if (Double.isInfinite(score)) {
      return score > 0 ? "inf" : "-inf";
    }
    return score == Math.rint(score) && Math.abs(score) < 1e15
        ? Long.toString((long) score)
        : Double.toString(score);
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    add(field).add("\t").add(value);
    if (expireAtMillis >= 0) {
      add("\texpires ").add(Instant.ofEpochMilli(expireAtMillis).toString());
    }
    print();
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    end();
    add(id(millis, sequence));
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    add("\t").add(field).add("\t").add(value);
  }

  @Override
  public void streamState(StreamState state) {
    end();
    add("last id\t").add(id(state.lastMillis(), state.lastSequence())).print();
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    add("group\t").add(name).add("\tdelivered to ").add(id(millis, sequence)).print();
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    add("pending\t")
        .add(id(millis, sequence))
        .add("\tdelivered " + deliveryCount + " times, last ")
        .add(Instant.ofEpochMilli(deliveredAtMillis).toString())
        .print();
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    add("consumer\t").add(name).print();
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    add("owned\t").add(id(millis, sequence)).print();
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    add("unowned\t").add(id(millis, sequence)).print();
  }

  @Override
  public void producer(ByteSlice name) {
    add("producer\t").add(name).print();
  }

  @Override
  public void producerMessage(ByteSlice messageId, long millis, long sequence) {
    add("message\t").add(messageId).add("\t").add(id(millis, sequence)).print();
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    add(Long.toUnsignedString(index)).add("\t").add(text).print();
  }

  @Override
  public void arrayInteger(long index, long value) {
    add(Long.toUnsignedString(index)).add("\t").add(Long.toString(value)).print();
  }

  @Override
  public void arrayDouble(long index, double value) {
    add(Long.toUnsignedString(index)).add("\t").add(Double.toString(value)).print();
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    add("vectors of %d dimensions, %s".formatted(shape.dimensions(), shape.quantization())).print();
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    add(element);
    if (attributes.length() > 0) {
      add("\t").add(attributes);
    }
    print();
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    int shown = Math.min(payload.length(), OPAQUE_BYTES);
    add(Output.oneLine(typeName))
        .add("\t%d bytes that only the module reads: ".formatted(payload.length()))
        .add(HexFormat.of().formatHex(payload.array(), payload.offset(), payload.offset() + shown))
        .add(shown < payload.length() ? "..." : "")
        .print();
  }
}
