package io.redrill.aof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofManifest.Part;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AofManifestTest {

  @Test
  void readsPairsInAnyOrderAndKeepsOffsets() throws IOException {
    AofManifest manifest =
        parse(
            """
            # made by hand
            SEQ 2 type b file a.2.base.rdb
            file "my app.aof.2.incr.aof" seq 2 type i startoffset 96 endoffset 195
            file a.1.incr.aof seq 1 type h note x
            file a.3.incr.aof seq 3 type i\r
            """);

    assertThat(manifest.base()).contains(new Part("a.2.base.rdb", 2, AofManifest.Type.BASE));
    assertThat(manifest.increments())
        .containsExactly(
            new Part(
                "my app.aof.2.incr.aof",
                2,
                AofManifest.Type.INCREMENTAL,
                OptionalLong.of(96),
                OptionalLong.of(195)),
            new Part("a.3.incr.aof", 3, AofManifest.Type.INCREMENTAL));
    assertThat(manifest.loadOrder())
        .hasSize(3)
        .extracting(Part::sequence)
        .containsExactly(2L, 2L, 3L);
    assertThat(manifest.parts()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "hello world\n",
        "file a seq 1\n",
        "file a seq 1 type\n",
        "file a seq 1 type x\n",
        "file a seq 0 type b\n",
        "file a seq one type b\n",
        "file a/b seq 1 type b\n",
        "file .. seq 1 type b\n",
        "file \"\" seq 1 type b\n",
        "file \"a seq 1 type b\n",
        "file \"a\"b seq 1 type b\n",
        "file a seq 1 type b",
        "file a seq 1 type b\n\n",
        "file a seq 1 type b\nfile b seq 2 type b\n",
        "file a seq 2 type i\nfile b seq 2 type i\n",
        "seq 1 seq 2 type b\n"
      })
  void refusesWhatServersRefuse(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(CorruptInputException.class);
  }

  @Test
  void refusesANameThatCannotBeOpened() {
    assertThatThrownBy(() -> parse("file \"a\\xff\" seq 1 type b\n"))
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesALineTooLong() {
    assertThatThrownBy(() -> parse("#" + "x".repeat(1024) + "\nfile a seq 1 type b\n"))
        .isInstanceOf(CorruptInputException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.aof",
        "my app.aof",
        "a\"b",
        "it's",
        "tab\there",
        "größe",
        "\u0007bell",
        "#x"
      })
  void readsBackEveryNameItWrites(String name) throws IOException {
    AofManifest manifest =
        new AofManifest(
            List.of(
                new Part(name, 1, AofManifest.Type.BASE),
                new Part(
                    "b",
                    7,
                    AofManifest.Type.INCREMENTAL,
                    OptionalLong.of(12),
                    OptionalLong.empty())));

    assertThat(AofManifest.parse(manifest.toBytes(), "again")).isEqualTo(manifest);
  }

  @Test
  void writesAsServersDo() throws IOException {
    String text =
        """
        file "my app.aof.2.base.rdb" seq 2 type b
        file "my app.aof.2.incr.aof" seq 2 type i startoffset 96 endoffset 195
        """;
    assertThat(new String(parse(text).toBytes(), UTF_8)).isEqualTo(text);
  }

  @Test
  void isStoredOverTheOneBefore(@TempDir Path directory) throws IOException {
    AofNames names = AofNames.DEFAULT;
    for (int sequence = 1; sequence <= 2; sequence++) {
      AofManifest manifest =
          new AofManifest(
              List.of(new Part(names.base(sequence, true), sequence, AofManifest.Type.BASE)));
      manifest.store(directory, names.manifest());
      assertThat(AofManifest.load(directory.resolve("appendonly.aof.manifest")))
          .isEqualTo(manifest);
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  private static AofManifest parse(String text) throws IOException {
    return AofManifest.parse(text.getBytes(UTF_8), "test.manifest");
  }
}
