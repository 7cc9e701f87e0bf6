package io.redrill.verify.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/// The stored form of a report: UTF-8 JSON in which one report has exactly one spelling, so that
/// its hash means something. Fields stand in declared order, indented by two spaces, lines end with
/// a line feed; instants are ISO-8601 in UTC, durations are whole milliseconds.
public final class DrillReportJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(new InstantAsText())
                  .addSerializer(new DurationAsMillis())
                  .addDeserializer(Instant.class, new TextAsInstant())
                  .addDeserializer(Duration.class, new MillisAsDuration()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private static final ObjectWriter WRITER =
      MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES));

  private DrillReportJson() {}

  /// The bytes that are stored, ending with a line feed.
  public static byte[] write(DrillReport report) {
    try {
      return (WRITER.writeValueAsString(report) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every report has a stored form", e);
    }
  }

  /// Reads what [#write] wrote, of this version or an older one.
  ///
  /// @throws IOException if it is not a report, or one of a newer version
  public static DrillReport read(byte[] json) throws IOException {
    JsonNode tree = MAPPER.readTree(json);
    int version = tree.path("reportVersion").asInt(0);
    if (version < 1 || version > DrillReport.VERSION) {
      throw new IOException(
          "not a drill report that this version reads (reportVersion=%d)".formatted(version));
    }
    try {
      return MAPPER.treeToValue(tree, DrillReport.class);
    } catch (NullPointerException e) {
      throw new IOException("drill report without a required field", e);
    }
  }

  private static final class InstantAsText extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantAsText() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }

  private static final class DurationAsMillis extends StdSerializer<Duration> {
    private static final long serialVersionUID = 1L;

    DurationAsMillis() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.toMillis());
    }
  }

  private static final class TextAsInstant extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    TextAsInstant() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      try {
        return Instant.parse(in.getText());
      } catch (DateTimeException e) {
        throw new IOException("not an instant in a drill report: " + in.getText(), e);
      }
    }
  }

  private static final class MillisAsDuration extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    MillisAsDuration() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Duration.ofMillis(in.getLongValue());
    }
  }
}
