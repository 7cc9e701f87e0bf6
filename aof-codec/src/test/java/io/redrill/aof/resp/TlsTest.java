package io.redrill.aof.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.TlsException.Problem;
import io.redrill.aof.testing.TestCertificates;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both sides of TLS in one process: what passes, and what each failure is called.
@Timeout(60)
class TlsTest {

  private static final String LOOPBACK = "SAN=dns:localhost,ip:127.0.0.1";

  @TempDir private static Path directory;
  private static TestCertificates certificates;

  @BeforeAll
  static void make() throws Exception {
    certificates = TestCertificates.in(directory.resolve("pki"));
    certificates.make("server", "EC", "-ext", LOOPBACK);
    certificates.make("elsewhere", "EC", "-ext", "SAN=dns:redis.example");
    certificates.make("over", "EC", "-ext", LOOPBACK, "-startdate", "-5d", "-validity", "3");
    certificates.make("later", "EC", "-ext", LOOPBACK, "-startdate", "+5d", "-validity", "3");
    certificates.make("client", "EC");
    certificates.make("rsa", "RSA");
  }

  /// Answers everything with `+PONG`, over TLS.
  private static final class Answering implements Closeable {

    private final ServerSocket listener;

    private Answering(ServerSocket listener) {
      this.listener = listener;
      Thread.ofVirtual().start(this::serve);
    }

    static Answering as(String name, boolean wantsCertificate, String version) throws Exception {
      SSLServerSocket listener =
          (SSLServerSocket)
              certificates
                  .context(name)
                  .getServerSocketFactory()
                  .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
      listener.setNeedClientAuth(wantsCertificate);
      listener.setEnabledProtocols(new String[] {version});
      return new Answering(listener);
    }

    private void serve() {
      while (!listener.isClosed()) {
        try (Socket socket = listener.accept()) {
          byte[] some = new byte[1000];
          while (socket.getInputStream().read(some) > 0) {
            socket.getOutputStream().write("+PONG\r\n".getBytes(ISO_8859_1));
          }
        } catch (IOException hungUp) {
          // The next client, or the end of the test.
        }
      }
    }

    ServerEndpoint at(String host) {
      return ServerEndpoint.of(host, listener.getLocalPort())
          .with(Duration.ofSeconds(2), Duration.ofSeconds(20));
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private static Answering server(String name) throws Exception {
    return Answering.as(name, false, "TLSv1.3");
  }

  private static Tls trusting() {
    return Tls.ofDefaults().trusting(certificates.authority());
  }

  private static void talks(ServerEndpoint endpoint) throws IOException {
    try (RespConnection connection = RespConnection.connect(endpoint)) {
      for (int i = 0; i < 3; i++) {
        assertThat(connection.call("PING").asText()).isEqualTo("PONG");
      }
    }
  }

  private static void fails(ServerEndpoint endpoint, Problem problem) {
    assertThatThrownBy(() -> talks(endpoint))
        .isInstanceOfSatisfying(
            TlsException.class, failure -> assertThat(failure.problem()).isEqualTo(problem));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void talksToAServerThatIsVouchedFor(String host) throws Exception {
    try (Answering server = server("server")) {
      talks(server.at(host).with(trusting()));
    }
  }

  @Test
  void theNameCanBeAnotherOneOrUncheckedOnRequestOnly() throws Exception {
    try (Answering server = server("elsewhere")) {
      fails(server.at("localhost").with(trusting()), Problem.OTHER_NAME);
      fails(server.at("127.0.0.1").with(trusting()), Problem.OTHER_NAME);
      talks(server.at("localhost").with(trusting().named("redis.example")));
      talks(server.at("localhost").with(trusting().withoutNameCheck()));
      fails(server.at("localhost").with(Tls.ofDefaults().withoutNameCheck()), Problem.UNTRUSTED);
    }
  }

  @Test
  void saysWhatIsWrongWithTheServersCertificate() throws Exception {
    try (Answering server = server("over")) {
      fails(server.at("localhost").with(trusting()), Problem.EXPIRED);
    }
    try (Answering server = server("later")) {
      fails(server.at("localhost").with(trusting()), Problem.NOT_YET_VALID);
    }
    try (Answering server = server("server")) {
      fails(server.at("localhost").with(Tls.ofDefaults()), Problem.UNTRUSTED);
      fails(
          server.at("localhost").with(Tls.ofDefaults().trusting(certificates.certificate("rsa"))),
          Problem.UNTRUSTED);
    }
  }

  /// In version 1.3 the refusal comes after our handshake, or not at all.
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerMayWantACertificate(String version) throws Exception {
    try (Answering server = Answering.as("server", true, version)) {
      ServerEndpoint endpoint = server.at("localhost");
      for (int i = 0; i < 10; i++) {
        fails(endpoint.with(trusting()), Problem.CLIENT_CERTIFICATE);
      }
      for (String name : new String[] {"client", "rsa"}) {
        talks(endpoint.with(trusting().as(certificates.certificate(name), certificates.key(name))));
      }
    }
  }

  @Test
  void bothSidesMustAgreeOnTlsAtAll() throws Exception {
    try (Answering server = server("server")) {
      fails(server.at("localhost"), Problem.TLS_SERVER);
    }
    ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    try (Answering server = new Answering(plain)) {
      fails(server.at("localhost").with(trusting()), Problem.PLAIN_SERVER);
    }
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      fails(
          ServerEndpoint.of("localhost", silent.getLocalPort())
              .with(Duration.ofMillis(200), Duration.ofMinutes(1))
              .with(trusting()),
          Problem.PLAIN_SERVER);
    }
  }

  @Test
  void closingEndsAReadThatWaits() throws Exception {
    try (Answering server = server("server")) {
      RespConnection connection = RespConnection.connect(server.at("localhost").with(trusting()));
      CountDownLatch reading = new CountDownLatch(1);
      AtomicReference<Object> end = new AtomicReference<>("none");
      Thread reader =
          Thread.ofVirtual()
              .start(() -> {
                reading.countDown();
                try {
                  end.set(connection.input().readByte());
                } catch (IOException closed) {
                  end.set(closed);
                }
              });
      reading.await();
      Thread.sleep(50);
      connection.close();
      reader.join();
      assertThat(end.get()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void silenceIsToldAsSuch() throws Exception {
    try (Answering server = server("server");
        RespConnection connection =
            RespConnection.connect(
                server
                    .at("localhost")
                    .with(Duration.ofSeconds(2), Duration.ofMillis(100))
                    .with(trusting()))) {
      assertThatThrownBy(() -> connection.input().readByte())
          .isInstanceOf(java.net.SocketTimeoutException.class);
      assertThat(connection.call("PING").asText()).isEqualTo("PONG");
    }
  }

  @ParameterizedTest
  @CsvSource({"client,EC PRIVATE KEY", "rsa,RSA PRIVATE KEY"})
  void readsTheOlderFormsOfKeys(String name, String label) throws Exception {
    Path old = directory.resolve(name + ".old");
    openssl("pkey", "-traditional", "-in", certificates.key(name).toString(), "-out", old);
    assertThat(Files.readString(old)).contains(label);
    try (Answering server = Answering.as("server", true, "TLSv1.3")) {
      talks(server.at("localhost").with(trusting().as(certificates.certificate(name), old)));
    }
  }

  @Test
  void saysWhichFileCannotBeUsedAndWhatToDo() throws Exception {
    Path good = certificates.certificate("client");
    Path key = certificates.key("client");
    Path missing = directory.resolve("missing.pem");
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
    Path damaged =
        Files.writeString(
            directory.resolve("damaged.pem"),
            TestCertificates.pem("CERTIFICATE", new byte[] {1, 2, 3})
                + TestCertificates.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
    unusable(trusting().trusting(missing), missing, "no such file");
    unusable(trusting().trusting(empty), empty, "openssl x509");
    unusable(trusting().trusting(damaged), damaged, "damaged");
    unusable(trusting().trusting(directory), directory, "cannot be read");
    unusable(trusting().as(missing, key), missing, "no such file");
    unusable(trusting().as(good, missing), missing, "no such file");
    unusable(trusting().as(good, good), good, "openssl pkey");
    unusable(trusting().as(good, damaged), damaged, "openssl pkey");
    unusable(trusting().as(good, certificates.key("rsa")), certificates.key("rsa"), "EC key");
    unusable(
        trusting().as(good, certificates.key("server")),
        certificates.key("server"),
        "not that of the client certificate");
  }

  @Test
  void saysHowToTakeAPasswordOffAKey() throws Exception {
    Path encrypted = directory.resolve("encrypted.key");
    String key = certificates.key("client").toString();
    openssl("pkey", "-aes256", "-passout", "pass:s3cret", "-in", key, "-out", encrypted);
    unusable(trusting().as(certificates.certificate("client"), encrypted), encrypted, "openssl");
    Path old = directory.resolve("encrypted-old.key");
    openssl("pkey", "-aes256", "-traditional", "-passout", "pass:s3cret", "-in", key, "-out", old);
    unusable(trusting().as(certificates.certificate("client"), old), old, "is encrypted");
  }

  private static void unusable(Tls tls, Path file, String problem) throws Exception {
    try (Answering server = server("server")) {
      assertThatThrownBy(() -> talks(server.at("localhost").with(tls)))
          .isInstanceOfSatisfying(
              TlsException.class, failure -> assertThat(failure.problem()).isEqualTo(Problem.FILE))
          .hasMessageContaining("file=" + file)
          .hasMessageContaining(problem)
          .hasMessageNotContaining("BEGIN");
    }
  }

  private static void openssl(Object... args) throws Exception {
    String[] command = new String[args.length + 1];
    command[0] = "openssl";
    for (int i = 0; i < args.length; i++) {
      command[i + 1] = args[i].toString();
    }
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException notInstalled) {
      Assumptions.abort("openssl is not installed");
      return;
    }
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aNameMustBeOne() {
    assertThatThrownBy(() -> Tls.ofDefaults().named("not a name"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Tls.ofDefaults().named("::1").serverName()).contains("::1");
  }
}
