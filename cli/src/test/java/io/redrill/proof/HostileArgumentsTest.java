package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Arguments and files of people who err, or mean ill: each ends with a status that is not 0 and a
/// sentence about what is wrong, and no password is shown again.
class HostileArgumentsTest {

  private static final String SECRET = "s3cr:et/p@ss";

  @TempDir private Path directory;

  @BeforeEach
  void makeThingsThatAreNoRepositories() throws IOException {
    Files.createDirectory(directory.resolve("empty"));
    Files.writeString(directory.resolve("file"), "hello, this is no dump");
    Files.createFile(directory.resolve("nothing"));
  }

  private CommandRun redrill(List<String> arguments) {
    return CommandRun.in(directory, arguments.toArray(String[]::new));
  }

  private static Arguments row(int status, String said, String... arguments) {
    return argumentSet(String.join(" ", arguments), status, said, List.of(arguments));
  }

  /// A conversion of something that is no RDB.
  private static String[] convert(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("rdb", "convert", "file", "--target", "redis-7.0", "--to", "x.rdb"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static Stream<Arguments> wrong() {
    String at = "2026-11-24T02:41:00Z";
    return Stream.of(
        row(6, "E3101", "list", "--repo", "file:empty"),
        row(6, "E3101", "check", "--repo", "file:empty"),
        row(6, "E3101", "drill", "--repo", "file:empty"),
        row(6, "E3101", "report", "--repo", "file:empty"),
        row(6, "E3101", "show", "20261124T024100.123Z-9f3c2a1b", "--repo", "file:empty"),
        row(6, "E3101", "restore", "latest", "--to", "x.rdb", "--repo", "file:empty"),
        row(6, "E3101", "list", "--repo", "file:nowhere"),
        row(1, "the store must be a directory", "list", "--repo", "file:file"),
        row(1, "the store must be a directory", "backup", "redis://h", "--repo", "file:file"),
        row(2, "--repo", "list"),
        row(2, "empty", "list", "--repo", ""),
        row(2, "ftp", "list", "--repo", "ftp://host/path"),
        row(2, "E1101", "backup", "redis://h", "--name", "../x", "--repo", "file:own"),
        row(2, "E1101", "backup", "redis://h", "--name", "", "--repo", "file:own"),
        row(2, "E1101", "backup", "redis://h", "--name", "größe", "--repo", "file:own"),
        row(2, "E1101", "backup", "redis://h", "--name", "a".repeat(65), "--repo", "file:own"),
        row(2, "E1101", "backup", "redis://h", "--name", "drills", "--repo", "file:own"),
        row(2, "E1102", "backup", "redis://h:99999", "--repo", "file:own"),
        row(2, "--capture", "backup", "redis://h", "--capture", "magic", "--repo", "file:own"),
        row(2, "no source", "backup", "--repo", "file:own"),
        row(2, "E1104", "restore", "--at", "yesterday", "--to", "x.rdb", "--repo", "file:empty"),
        row(2, "one recovery point", "restore", "latest", "--at", at, "--to", "x.rdb"),
        row(2, "not a long", "restore", "--offset", "many", "--to", "x.rdb"),
        row(2, "--before", "restore", "--before", "", "--to", "x.rdb", "--repo", "file:empty"),
        row(2, "E1105", "restore", "latest", "--to", "", "--repo", "file:empty"),
        row(2, "E1105", "restore", "latest", "--to", "s3://b/k", "--repo", "file:empty"),
        row(2, "--replace", "restore", "latest", "--to", "x.rdb", "--replace"),
        row(5, "it is empty", "rdb", "check", "nothing"),
        row(5, "it is empty", "rdb", "check", "/dev/null"),
        row(5, "another magic", "rdb", "check", "/dev/zero"),
        row(5, "another magic", "rdb", "check", "file"),
        row(5, "it is a directory", "rdb", "check", "empty"),
        row(6, "E4006", "rdb", "check", "missing"),
        row(5, "E4303", "rdb", "compat", "nothing"),
        row(5, "E4303", "rdb", "compat", "file"),
        row(5, "not begin with REDIS", "rdb", "compat", "/dev/zero"),
        row(5, "it is a directory", "rdb", "compat", "empty"),
        row(6, "E4006", "rdb", "compat", "missing"),
        row(2, "no type", "rdb", "compat", "file", "--type", "tree"),
        row(2, "no range of slots", "rdb", "compat", "file", "--slot", "0-16384"),
        row(2, "numbered from 0", "rdb", "compat", "file", "--db", "-1"),
        row(2, "E1104", "rdb", "compat", "file", "--expired-at", "tomorrow"),
        row(2, "--target", "rdb", "convert", "file", "--to", "x.rdb"),
        row(2, "--to", "rdb", "convert", "file", "--target", "redis-7.0"),
        row(2, "no target", "rdb", "convert", "file", "--target", "redis-1", "--to", "x.rdb"),
        row(2, "no loss", convert("--accept-loss", "everything")),
        row(2, "yes or no", convert("--rdbcompression", "perhaps")),
        row(2, "-1 to -5", convert("--list-max-listpack-size", "7")),
        row(2, "negative", convert("--hash-max-listpack-entries=-7")),
        row(5, "hello,", convert()),
        row(4, "E4102", "rdb", "convert", "file", "--target", "redis-7.0", "--to", "nothing"),
        row(4, "E5101", "rdb", "convert", "file", "--target", "redis-7.0", "--to", "empty"),
        row(4, "E5101", "rdb", "convert", "file", "--target", "redis-7.0", "--to", ""),
        row(
            6,
            "no such directory",
            "rdb",
            "convert",
            "file",
            "--target",
            "redis-7.0",
            "--to",
            "no/x"),
        row(5, "E4303", "rdb", "ls", "nothing"),
        row(5, "E4303", "rdb", "ls", "file"),
        row(5, "E4303", "rdb", "ls", "/dev/null"),
        row(5, "not begin with REDIS", "rdb", "ls", "/dev/zero"),
        row(5, "directory", "rdb", "ls", "empty"),
        row(6, "E4006", "rdb", "ls", "missing"),
        row(5, "E4303", "rdb", "stats", "nothing"),
        row(5, "E4303", "rdb", "stats", "file"),
        row(5, "E4303", "rdb", "stats", "/dev/null"),
        row(5, "not begin with REDIS", "rdb", "stats", "/dev/zero"),
        row(5, "directory", "rdb", "stats", "empty"),
        row(6, "E4006", "rdb", "stats", "missing"),
        row(2, "--json", "rdb", "ls", "file", "--json", "--null"),
        row(2, "--top", "rdb", "stats", "file", "--top", "-1"),
        row(2, "--prefix-depth", "rdb", "stats", "file", "--prefix-depth", "0"),
        row(2, "--separator", "rdb", "stats", "file", "--separator", ""),
        row(2, "KEY", "rdb", "get", "file"),
        row(5, "E4303", "rdb", "get", "file", "key"),
        row(6, "E4006", "rdb", "get", "missing", "key"),
        row(2, "--hex", "rdb", "get", "file", "xyz", "--hex"),
        row(2, "--base64", "rdb", "get", "file", "%", "--base64"),
        row(2, "--escaped", "rdb", "get", "file", "\\n", "--escaped"),
        row(2, "numbered from 0", "rdb", "get", "file", "key", "--db", "-1"),
        row(5, "E4303", "rdb", "diff", "file", "file"),
        row(6, "E4006", "rdb", "diff", "missing", "file"),
        row(2, "standard input", "rdb", "diff", "-", "-"),
        row(2, "--limit", "rdb", "diff", "file", "file", "--limit", "-1"),
        row(2, "--to", "rdb", "filter", "file"),
        row(5, "E4303", "rdb", "filter", "file", "--to", "x.rdb"),
        row(4, "E4102", "rdb", "filter", "file", "--to", "file"),
        row(6, "E4006", "rdb", "filter", "missing", "--to", "x.rdb"),
        row(2, "either", "rdb", "split", "file", "--to", "x"),
        row(2, "either", "rdb", "split", "file", "--to", "x", "--shards", "2", "--slots", "1"),
        row(2, "number of shards", "rdb", "split", "file", "--to", "x", "--shards", "0"),
        row(2, "at most", "rdb", "split", "file", "--to", "x", "--shards", "16384"),
        row(2, "overlap", "rdb", "split", "file", "--to", "x", "--slots", "0-9,9-16383"),
        row(2, "no range", "rdb", "split", "file", "--to", "x", "--slots", "0-9,x"),
        row(5, "E4303", "rdb", "split", "file", "--to", "x", "--shards", "3"),
        row(2, "FILE", "rdb", "merge", "--to", "x.rdb"),
        row(2, "--on-conflict", "rdb", "merge", "file", "--to", "x", "--on-conflict", "both"),
        row(5, "E4303", "rdb", "merge", "file", "nothing", "--to", "x.rdb"),
        row(5, "E4303", "rdb", "merge", "file", "file", "--to", "x.rdb"),
        row(6, "E4006", "rdb", "merge", "missing", "--to", "x.rdb"),
        row(2, "--to", "rdb", "salvage", "file"),
        row(6, "E4006", "rdb", "salvage", "missing", "--to", "x.rdb"),
        row(4, "E4102", "rdb", "salvage", "file", "--to", "nothing"),
        row(5, "no key could be found", "rdb", "salvage", "file", "--to", "x.rdb"),
        row(5, "E4303", "rdb", "salvage", "nothing", "--to", "x.rdb"),
        row(1, "no regular file", "rdb", "salvage", "/dev/zero", "--to", "x.rdb"),
        row(2, "--assume-db", "rdb", "salvage", "file", "--to", "x.rdb", "--assume-db", "-1"),
        row(2, "--rdb-version", "rdb", "salvage", "file", "--to", "x", "--rdb-version", "1000"),
        row(5, "no append-only file", "aof", "check", "empty"),
        row(5, "damaged", "aof", "check", "/dev/null"),
        row(5, "expected a command", "aof", "check", "file"),
        row(6, "E4006", "aof", "check", "missing"),
        row(2, "E1201", "daemon", "-c", "missing"),
        row(2, "E1201", "daemon", "-c", "empty"),
        row(2, "E1204", "daemon", "-c", "nothing"),
        row(2, "E1201", "daemon", "-c", "/dev/zero"),
        row(2, "--config", "daemon"),
        row(2, "--keys", "demo", "--keys", "-5"),
        row(2, "--traffic", "demo", "--traffic", "-1"),
        row(2, "65535", "up", "--port", "99999"),
        row(2, "65535", "up", "--console-port", "-1"),
        row(2, "frobnicate", "frobnicate"),
        row(2, "lsit", "lsit"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void endsWithItsStatusAndSaysWhy(int status, String said, List<String> arguments) {
    CommandRun run = redrill(arguments);

    assertThat(run.status()).as("%s", run).isEqualTo(status);
    assertThat(run.printed()).contains(said);
    assertThat(run.printed()).doesNotContain("\tat ");
  }

  private static Stream<List<String>> withPasswords() {
    return Stream.of(
        List.of("backup", "redis://user:" + SECRET + "@localhost"),
        List.of("backup", "redis://:" + SECRET + "@localhost"),
        List.of("backup", "rediss://user:" + SECRET + "@localhost"),
        List.of("backup", "http://user:" + SECRET + "@localhost"),
        List.of("list", "redis://user:" + SECRET + "@localhost"),
        List.of("drill", "redis://user:" + SECRET + "@localhost"),
        List.of("show", "redis://user:" + SECRET + "@localhost"),
        List.of("report", "redis://user:" + SECRET + "@localhost"),
        List.of("restore", "latest", "--to", "redis://user:" + SECRET + "@localhost"),
        List.of("restore", "latest", "--to", "rediss://user:" + SECRET + "@localhost"),
        List.of("restore", "redis://user:" + SECRET + "@localhost", "--to", "x.rdb"),
        List.of("list", "one", "redis://user:" + SECRET + "@localhost"),
        List.of("redis://user:" + SECRET + "@localhost"),
        List.of("list", "--repo", "redis://user:" + SECRET + "@localhost"),
        List.of("list", "--repo", "s3://key:" + SECRET + "@bucket"),
        List.of("list", "--repo", "s3://bucket?endpoint=http://key:" + SECRET + "@host"));
  }

  @ParameterizedTest
  @MethodSource("withPasswords")
  void aPasswordIsNeverShown(List<String> arguments) {
    CommandRun run =
        CommandRun.in(
            directory, Map.of("REDRILL_REPO", "file:empty"), arguments.toArray(String[]::new));

    assertThat(run.status()).as("%s", run).isNotZero();
    for (String piece : List.of("s3cr", "et/p", "p@ss", SECRET)) {
      assertThat(run.printed()).as("%s", run).doesNotContain(piece);
    }
  }

  @Test
  void anEmptyVariableIsNoRepository() {
    CommandRun run = CommandRun.in(directory, Map.of("REDRILL_REPO", ""), "list");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.messages()).contains("no repository was named");
  }

  @ParameterizedTest
  @ValueSource(strings = {"E", "\u001b[31m", "a\nb", "a b", " ", "ä", "-", ".."})
  void whatIsShownAgainIsSafeForATerminal(String name) {
    CommandRun run = CommandRun.in(directory, "list", "--repo", "file:empty", "--", name);

    assertThat(run.status()).as("%s", run).isNotZero();
    assertThat(run.printed()).doesNotContain("\u001b", "a\nb");
  }
}
