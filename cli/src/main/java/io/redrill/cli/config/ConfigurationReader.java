package io.redrill.cli.config;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.scheduler.Cron;
import io.redrill.scheduler.job.JobKind;
import io.redrill.storage.StoreUrl;
import io.redrill.verify.DrillAssertion;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.RecoveryObjectives;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/// Turns the nodes of a YAML file into [Configuration], key by key.
final class ConfigurationReader {

  private static final int MAX_BYTES = 1 << 20;

  private final Path directory;

  private ConfigurationReader(Path directory) {
    this.directory = directory;
  }

  static Configuration read(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    ConfigurationReader reader = new ConfigurationReader(parent == null ? absolute : parent);
    return reader.configuration(new YamlValue(file, "", compose(file)).mapping());
  }

  private static Node compose(Path file) {
    String content = content(file);
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(20);
    options.setNestingDepthLimit(20);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(content));
      if (root == null) {
        throw new RedrillException(ErrorCode.CONFIG_MISSING_KEY, "file", file, "key", "sources");
      }
      return root;
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw RedrillException.causedBy(
          e,
          ErrorCode.CONFIG_SYNTAX,
          "file",
          file,
          "line",
          mark.getLine() + 1,
          "column",
          mark.getColumn() + 1,
          "problem",
          e.getProblem());
    } catch (ReaderException e) {
      throw RedrillException.causedBy(
          e,
          ErrorCode.CONFIG_SYNTAX,
          "file",
          file,
          "line",
          content.substring(0, e.getPosition()).lines().count(),
          "problem",
          "a control character, U+%04X".formatted(e.getCodePoint()));
    } catch (YAMLException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.CONFIG_SYNTAX, "file", file, "problem", String.valueOf(e.getMessage()));
    }
  }

  private static String content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new RedrillException(
            ErrorCode.CONFIG_UNREADABLE, "file", file, "problem", "it is larger than 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.CONFIG_UNREADABLE, "file", file, "problem", "it is not UTF-8");
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.CONFIG_UNREADABLE, "file", file, "problem", Failures.words(e));
    }
  }

  private Configuration configuration(YamlMapping root) {
    root.only("repository", "data", "console", "sources");
    return new Configuration(
        root.need("repository").parsed("a store URL", this::storeUrl),
        root.get("data", directory.resolve("redrill-data"), this::path),
        root.get("console", ConsoleConfig.standard(), ConfigurationReader::console),
        sources(root.need("sources")));
  }

  private StoreUrl storeUrl(String text) {
    StoreUrl url = StoreUrl.parse(text);
    return url instanceof StoreUrl.Directory(Path path)
        ? new StoreUrl.Directory(directory.resolve(path).normalize())
        : url;
  }

  private Path path(YamlValue value) {
    return value.parsed("a path", text -> directory.resolve(text).normalize());
  }

  private static ConsoleConfig console(YamlValue value) {
    YamlMapping console = value.mapping().only("bind", "port");
    ConsoleConfig standard = ConsoleConfig.standard();
    return new ConsoleConfig(
        console.get("bind", standard.bind(), YamlValue::text),
        console.get("port", standard.port(), port -> port.integer(0, 65_535)));
  }

  private List<SourceConfig> sources(YamlValue value) {
    YamlMapping sources = value.mapping();
    if (sources.names().isEmpty()) {
      throw value.bad("at least one source");
    }
    List<SourceConfig> configured = new ArrayList<>();
    for (String name : sources.names()) {
      configured.add(source(name, sources.need(name)));
    }
    return configured;
  }

  private SourceConfig source(String name, YamlValue value) {
    YamlMapping source =
        value
            .mapping()
            .only(
                "url",
                "username",
                "passwordEnv",
                "passwordFile",
                "capture",
                "directory",
                "archive",
                "objectives",
                "schedule",
                "assertions",
                "scratch");
    CaptureMode capture =
        source.get(
            "capture", CaptureMode.PSYNC, v -> v.parsed("psync or data-dir", CaptureMode::of));
    return new SourceConfig(
        sourceName(name, value),
        url(source),
        capture,
        directory(source, capture),
        source.get("archive", true, YamlValue::yesOrNo),
        password(source),
        source.get("objectives", RecoveryObjectives.none(), ConfigurationReader::objectives),
        source.get("schedule", Map.of(), v -> schedule(v, capture)),
        source.get("assertions", List.of(), ConfigurationReader::assertions),
        source.get("scratch", ScratchKind.bundled(), this::scratch));
  }

  private static SourceName sourceName(String name, YamlValue value) {
    try {
      return SourceName.of(name);
    } catch (RedrillException e) {
      throw value.bad("another name: " + e.hint());
    }
  }

  private SourceUrl url(YamlMapping source) {
    SourceUrl url =
        source
            .need("url")
            .parsed(
                "redis://[user@]host:port or rediss://[user@]host:port?ca=FILE", SourceUrl::parse)
            .in(directory);
    return source.find("username").map(user -> url.withUser(user.text())).orElse(url);
  }

  private Optional<Path> directory(YamlMapping source, CaptureMode capture) {
    Optional<YamlValue> value = source.find("directory");
    if (value.isPresent() && capture != CaptureMode.DATA_DIR) {
      throw value.get().bad("capture: data-dir, since only that reads a directory");
    }
    return value.map(this::path);
  }

  private PasswordSource password(YamlMapping source) {
    Optional<YamlValue> variable = source.find("passwordEnv");
    Optional<YamlValue> file = source.find("passwordFile");
    if (variable.isPresent() && file.isPresent()) {
      throw file.get().bad("to stand without passwordEnv: a password has one place");
    }
    return variable
        .<PasswordSource>map(value -> new PasswordSource.Variable(value.text()))
        .or(() -> file.map(value -> new PasswordSource.FirstLine(path(value))))
        .orElse(new PasswordSource.None());
  }

  private static RecoveryObjectives objectives(YamlValue value) {
    YamlMapping objectives = value.mapping().only("rpo", "rto");
    return new RecoveryObjectives(
        objectives.find("rpo").map(YamlValue::duration),
        objectives.find("rto").map(YamlValue::duration));
  }

  private static Map<JobKind, Cron> schedule(YamlValue value, CaptureMode capture) {
    YamlMapping schedule = value.mapping().only("snapshot", "rewrite", "drill", "check");
    Map<JobKind, Cron> crons = new EnumMap<>(JobKind.class);
    for (JobKind kind : JobKind.values()) {
      schedule
          .find(kind.label())
          .ifPresent(cron -> crons.put(kind, cron.parsed("a cron expression", Cron::new)));
    }
    if (crons.containsKey(JobKind.REWRITE) && capture != CaptureMode.DATA_DIR) {
      throw schedule.need("rewrite").bad("capture: data-dir, since only that reads the AOF");
    }
    return crons;
  }

  private static List<DrillAssertion> assertions(YamlValue value) {
    return value.items().stream().map(ConfigurationReader::assertion).toList();
  }

  private static DrillAssertion assertion(YamlValue value) {
    YamlMapping assertion =
        value.mapping().only("name", "db", "command", "equals", "matches", "between");
    YamlValue commandValue = assertion.need("command");
    List<String> command = commandValue.items().stream().map(YamlValue::text).toList();
    if (command.isEmpty()) {
      throw commandValue.bad("a command with its arguments");
    }
    return new DrillAssertion(
        assertion.get("name", String.join(" ", command), YamlValue::text),
        assertion.get("db", 0, db -> db.integer(0, 1_000_000)),
        command,
        expected(value, assertion));
  }

  private static DrillAssertion.Expected expected(YamlValue value, YamlMapping assertion) {
    List<DrillAssertion.Expected> expected = new ArrayList<>();
    assertion
        .find("equals")
        .ifPresent(text -> expected.add(new DrillAssertion.Expected.Equal(text.text())));
    assertion
        .find("matches")
        .map(text -> text.parsed("a regular expression", Pattern::compile))
        .ifPresent(pattern -> expected.add(new DrillAssertion.Expected.Matching(pattern)));
    assertion.find("between").map(ConfigurationReader::between).ifPresent(expected::add);
    if (expected.size() != 1) {
      throw value.bad("exactly one of equals, matches and between");
    }
    return expected.getFirst();
  }

  private static DrillAssertion.Expected between(YamlValue value) {
    List<Long> bounds =
        value.items().stream().map(bound -> bound.parsed("a whole number", Long::valueOf)).toList();
    if (bounds.size() != 2) {
      throw value.bad("the least and the greatest number");
    }
    return new DrillAssertion.Expected.Between(bounds.get(0), bounds.get(1));
  }

  private ScratchKind scratch(YamlValue value) {
    return switch (value.text()) {
      case "bundled" -> ScratchKind.bundled();
      case "redis-server" -> ScratchKind.redisServer();
      case String text when text.contains("/") -> new ScratchKind.Executable(path(value), 0);
      default -> throw value.bad("bundled, redis-server, or the path of a server");
    };
  }
}
