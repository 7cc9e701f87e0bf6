package io.redrill.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.fixture.RawServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What goes over the wire, by what the URL says.
class S3RequestIT {

  private static final StoreTimeouts SHORT =
      new StoreTimeouts(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(10));

  private static final String REFUSAL = "HTTP/1.1 400 Bad Request\nContent-Length: 0\n\n";

  @BeforeEach
  void setCredentials() {
    AwsEnvironment.set();
  }

  @AfterEach
  void clearCredentials() {
    AwsEnvironment.clear();
  }

  private static S3Store open(String url) throws StoreException {
    return S3Store.open((StoreUrl.S3) StoreUrl.parse(url), SHORT);
  }

  /// The head, in lower case, of the first request of a put to a store that refuses it.
  private static String put(String parameters) throws IOException {
    try (RawServer server = new RawServer(REFUSAL, RawServer.End.CLOSE);
        S3Store store =
            open("s3://abc/prefix?endpoint=%s%s".formatted(server.endpoint(), parameters))) {
      assertThatThrownBy(
              () -> store.put(ObjectKey.of("a/b"), new ByteArrayInputStream(new byte[3]), 3))
          .isInstanceOf(StoreException.class);
      return server.heads().getFirst().toLowerCase(Locale.ROOT);
    }
  }

  /// One plain request, whose condition every store checks: some pass over that of the request
  /// which completes a multipart upload.
  @Test
  void putsByOneConditionalRequest() throws IOException {
    assertThat(put("&pathStyle=true"))
        .startsWith("put /abc/prefix/a/b http/1.1\n")
        .contains("\nif-none-match: *\n", "\nx-amz-meta-redrill-upload: ");
  }

  @ParameterizedTest
  @CsvSource({"&region=eu-central-1, /eu-central-1/s3/aws4_request", "'', /us-east-1/s3/"})
  void signsForTheRegionOfTheUrl(String parameter, String scope) throws IOException {
    assertThat(put(parameter)).containsPattern("\nauthorization: aws4-hmac-sha256 .*" + scope);
  }

  @Test
  void sendsTrailingChecksumsUnlessToldNotTo() throws IOException {
    assertThat(put("")).contains("\nx-amz-trailer: x-amz-checksum-");
    assertThat(put("&checksum=when-supported")).contains("\nx-amz-trailer: x-amz-checksum-");
    assertThat(put("&checksum=when-required"))
        .doesNotContain("x-amz-trailer", "x-amz-checksum", "aws-chunked")
        .containsPattern("\nx-amz-content-sha256: [0-9a-f]{64}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'', abc.store.invalid",
    "&pathStyle=false, abc.store.invalid",
    "&pathStyle=true, store.invalid"
  })
  void looksForTheBucketInTheHostNameUnlessToldNotTo(String parameter, String host)
      throws IOException {
    assumeTrue(System.getenv("HTTP_PROXY") == null, "a proxy would resolve the name");
    try (S3Store store = open("s3://abc?endpoint=http://store.invalid" + parameter)) {
      assertThatThrownBy(() -> store.list(""))
          .rootCause()
          .isInstanceOf(UnknownHostException.class)
          .message()
          .matches(Pattern.quote(host) + "(: .*)?");
    }
  }
}
