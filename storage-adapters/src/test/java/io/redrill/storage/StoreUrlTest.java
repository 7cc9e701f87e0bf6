package io.redrill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUrlTest {

  @ParameterizedTest
  @CsvSource({
    "file:/var/lib/redrill, /var/lib/redrill",
    "file:///var/lib/redrill, /var/lib/redrill",
    "file:redrill-data/repository, redrill-data/repository",
    "file:./here, ./here",
    "file:/with blank, /with blank",
    "file:/with%20blank, /with blank",
    "file:/a+b, /a+b",
    "file:/100%25%3F, /100%?",
  })
  void readsDirectories(String url, String path) {
    assertThat(StoreUrl.parse(url)).isEqualTo(new StoreUrl.Directory(Path.of(path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://backups", "s3:backups", "s3://backups/"})
  void readsABucket(String url) {
    assertThat(StoreUrl.parse(url)).isEqualTo(StoreUrl.S3.ofBucket("backups"));
  }

  @Test
  void readsEverythingThatS3Takes() {
    assertThat(
            StoreUrl.parse(
                "s3://backups/team/redis?endpoint=http://127.0.0.1:9000&region=eu-central-1"
                    + "&pathStyle=true&checksum=when-required"))
        .isEqualTo(
            new StoreUrl.S3(
                "backups",
                "team/redis",
                Optional.of("eu-central-1"),
                Optional.of(URI.create("http://127.0.0.1:9000")),
                true,
                StoreUrl.ChecksumMode.WHEN_REQUIRED));
  }

  @Test
  void readsEverythingThatGcsTakes() {
    assertThat(StoreUrl.parse("gs://backups/redis?endpoint=http%3A%2F%2Flocalhost%3A4443"))
        .isEqualTo(
            new StoreUrl.Gcs("backups", "redis", Optional.of(URI.create("http://localhost:4443"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/var/lib/a%20b",
        "file:relative",
        "s3://backups",
        "s3://backups/team/redis?region=eu-central-1&endpoint=http://127.0.0.1:9000&pathStyle=true&checksum=when-required",
        "gs://backups/redis?endpoint=http://localhost:4443",
      })
  void writesWhatItReads(String url) {
    assertThat(StoreUrl.parse(url)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/var/lib/redrill | a store is file:PATH",
        "'' | not an empty text",
        "https://example.com | a store is file:PATH",
        "file: | needs a path",
        "file://host/path | names no host",
        "file:/a?b=c | takes no parameters",
        "file:/100% | must be written %25",
        "s3: | not a bucket name",
        "s3://UPPER | not a bucket name",
        "s3://abc/../cd | not a prefix",
        "s3://abc/d//e | not a prefix",
        "s3://abc?colour=blue | it takes region, endpoint, pathStyle, checksum",
        "s3://abc?pathStyle=yes | it takes false or true",
        "s3://abc?checksum=never | it takes when-supported or when-required",
        "s3://abc?region=eu%20central | not a region",
        "s3://abc?region=evil.example.com/ | not a region",
        "s3://abc?region= | has no value",
        "s3://abc?region | has no value",
        "s3://abc?region=a&region=b | stands twice",
        "s3://abc?endpoint=localhost:9000 | write http://HOST[:PORT]",
        "s3://abc?endpoint=http:// | write http://HOST[:PORT]",
        "gs://abc?region=x | it takes endpoint",
      })
  void saysWhatIsWrong(String url, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreUrl.parse(url))
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3://AKIA123:hunter2@backups/redis | AWS_ACCESS_KEY_ID",
        "s3://backups?secretKey=hunter2 | AWS_SECRET_ACCESS_KEY",
        "s3://backups?access_key=hunter2 | AWS_PROFILE",
        "s3://backups?endpoint=http://me:hunter2@127.0.0.1 | AWS_ACCESS_KEY_ID",
        "gs://backups?token=hunter2 | GOOGLE_APPLICATION_CREDENTIALS",
        "redis://me:hunter2@host | a store is",
      })
  void refusesCredentialsAndDoesNotRepeatThem(String url, String hint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreUrl.parse(url))
        .withMessageContaining(hint)
        .withMessageNotContaining("hunter2");
  }
}
