package io.redrill.cli.config;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/// Keys with values of a YAML file, read strictly: a key that is not expected, or stands twice, is
/// an error at its line.
final class YamlMapping {

  private final YamlValue self;
  private final Map<String, YamlValue> values;

  private YamlMapping(YamlValue self, Map<String, YamlValue> values) {
    this.self = self;
    this.values = values;
  }

  static YamlMapping of(YamlValue self, MappingNode node) {
    Map<String, YamlValue> values = new LinkedHashMap<>();
    for (NodeTuple entry : node.getValue()) {
      Node keyNode = entry.getKeyNode();
      if (!(keyNode instanceof ScalarNode scalar)) {
        throw new YamlValue(self.file(), self.key(), keyNode).bad("a plain key");
      }
      String name = scalar.getValue();
      String path = self.key().isEmpty() ? name : self.key() + "." + name;
      if (values.put(name, new YamlValue(self.file(), path, entry.getValueNode())) != null) {
        throw new YamlValue(self.file(), path, keyNode).bad("to stand only once");
      }
    }
    return new YamlMapping(self, values);
  }

  /// Refuses every other key, and names the nearest of these.
  YamlMapping only(String... keys) {
    List<String> known = List.of(keys);
    for (NodeTuple entry : ((MappingNode) self.node()).getValue()) {
      String name = ((ScalarNode) entry.getKeyNode()).getValue();
      if (name.equals("password")) {
        throw unknown(ErrorCode.CONFIG_PASSWORD, entry.getKeyNode(), name, known);
      }
      if (!known.contains(name)) {
        throw unknown(ErrorCode.CONFIG_UNKNOWN_KEY, entry.getKeyNode(), name, known);
      }
    }
    return this;
  }

  private RedrillException unknown(ErrorCode code, Node node, String name, List<String> known) {
    String nearest =
        known.stream().min(Comparator.comparingInt(key -> distance(name, key))).orElseThrow();
    return new RedrillException(
        code,
        "file",
        self.file(),
        "line",
        YamlValue.line(node),
        "column",
        YamlValue.column(node),
        "key",
        self.key().isEmpty() ? name : self.key() + "." + name,
        "nearest",
        nearest,
        "known",
        String.join(" ", known));
  }

  /// How many characters have to be changed, added or removed to get from one word to the other.
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }

  Set<String> names() {
    return values.keySet();
  }

  Optional<YamlValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  YamlValue need(String key) {
    return find(key)
        .orElseThrow(() ->
            new RedrillException(
                ErrorCode.CONFIG_MISSING_KEY,
                "file",
                self.file(),
                "line",
                YamlValue.line(self.node()),
                "key",
                self.key().isEmpty() ? key : self.key() + "." + key));
  }

  <T> T get(String key, T otherwise, Function<YamlValue, T> read) {
    return find(key).map(read).orElse(otherwise);
  }
}
