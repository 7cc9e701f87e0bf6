package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.ElementHandler.VectorSetShape;
import io.redrill.rdb.RdbValue.VectorSetValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Vectors are what the server that stored them gives back, to the last bit of each number.
class VectorNumbersTest {

  @Test
  void areWhatTheServerGivesBack() throws IOException {
    Optional<Path> file =
        Corpus.healthyFiles().stream().filter(path -> path.endsWith("vector-sets.rdb")).findAny();
    assumeTrue(file.isPresent(), "vector-sets.rdb is in the whole corpus only, which is not here");
    Map<String, JsonNode> truth = new TreeMap<>();
    JsonNode document = new ObjectMapper().readTree(Corpus.truthOf(file.get()).toFile());
    document.get("keys").forEach(key -> truth.put(key.get("key").asText(), key.get("value")));

    int sets = 0;
    for (RdbRecord record : RareForms.records(Files.readAllBytes(file.get()))) {
      if (record instanceof RdbRecord.Entry entry
          && RdbValues.decode(entry) instanceof VectorSetValue set) {
        sets++;
        compare(set, Objects.requireNonNull(truth.get(text(entry.key()))));
      }
    }
    assertThat(sets).isEqualTo(5);
  }

  private static void compare(VectorSetValue set, JsonNode truth) {
    assertThat(set.shape().dimensions()).isEqualTo(truth.at("/info/vector-dim").asInt());
    assertThat(set.shape().count()).isEqualTo(truth.at("/info/size").asInt());
    assertThat(set.shape().projectedFrom())
        .isEqualTo(truth.at("/info/projection-input-dim").asLong());
    Map<String, JsonNode> elements = new TreeMap<>();
    truth.get("elements").forEach(element -> elements.put(element.get(0).asText(), element));
    assertThat(set.vectors()).hasSameSizeAs(elements.keySet());
    for (VectorSetValue.Vector vector : set.vectors()) {
      JsonNode element = Objects.requireNonNull(elements.get(text(vector.element())));
      float[] expected = new float[element.get(1).size()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Float.parseFloat(element.get(1).get(i).asText());
      }
      assertThat(numbers(set.shape(), vector)).as(text(vector.element())).containsExactly(expected);
      assertThat(text(vector.attributes())).isEqualTo(element.get(2).asText(""));
    }
  }

  private static float[] numbers(VectorSetShape shape, VectorSetValue.Vector vector) {
    float[] numbers = new float[shape.dimensions()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          VectorNumbers.at(shape, ByteSlice.of(vector.vector()), i, vector.range(), vector.norm());
    }
    return numbers;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
