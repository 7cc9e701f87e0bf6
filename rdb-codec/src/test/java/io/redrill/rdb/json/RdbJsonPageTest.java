package io.redrill.rdb.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.rdb.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The page of the format names every field that is printed for any type of any server, and no
/// other.
class RdbJsonPageTest {

  private static final Path PAGE = Path.of("../docs/formats/rdb-json.md");

  /// Stands in quotes where a field could.
  private static final Set<String> VALUES =
      Set.of("redis", "valkey", "float", "int8", "binary", "inf", "nan");

  private static final Pattern QUOTED = Pattern.compile("\"([a-z][a-z0-9_]*)\"");
  private static final Pattern ROW =
      Pattern.compile("^\\| (`[a-z_`, ]+`) \\|.*", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

  @Test
  void namesTheFieldsThatArePrinted() throws IOException {
    List<byte[]> files = new ArrayList<>(Corpus.rareFiles());
    for (Path file : Corpus.healthyFiles()) {
      files.add(Files.readAllBytes(file));
    }
    Set<String> printed = new TreeSet<>();
    for (byte[] file : files) {
      JsonLines.of(file, true).forEach(line -> fields(line, printed));
    }

    assertThat(printed).isEqualTo(named());
  }

  private static void fields(JsonNode node, Set<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> fields(child, names));
  }

  private static Set<String> named() throws IOException {
    String page = Files.readString(PAGE);
    Set<String> names = new TreeSet<>(found(QUOTED, page));
    // The first table about keys has a row for each field.
    int from = page.indexOf("## Keys");
    String table = page.substring(from, page.indexOf("| type | value |", from));
    found(ROW, table).forEach(row -> names.addAll(found(NAME, row)));
    names.removeAll(VALUES);
    return names;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> group(result)).toList();
  }

  private static String group(MatchResult result) {
    return result.group(1);
  }
}
