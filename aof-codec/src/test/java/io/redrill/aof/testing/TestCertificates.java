package io.redrill.aof.testing;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;

/// A certificate authority of a test's own, and what it signs, as PEM files and as a context for a
/// server in this process. Made by the `keytool` of the running JDK.
public final class TestCertificates {

  private static final String PASSWORD = "changeit";
  private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");

  private final Path directory;
  private final Path store;

  private TestCertificates(Path directory) {
    this.directory = directory;
    this.store = directory.resolve("store.p12");
  }

  /// An authority that keeps its files in `directory`. Skips the calling test, with the reason,
  /// where there is no `keytool`.
  public static TestCertificates in(Path directory) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(KEYTOOL), "this JVM has no keytool");
    Files.createDirectories(directory);
    TestCertificates made = new TestCertificates(directory);
    made.generate("ca", "EC", "-ext", "bc:c", "-validity", "10");
    made.write("ca");
    return made;
  }

  /// Makes a key and a certificate for it, signed by the authority: `name.crt` and `name.key`.
  ///
  /// @param algorithm `EC` or `RSA`
  /// @param options of `keytool -genkeypair`
  public void make(String name, String algorithm, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("-signer", "ca"));
    all.addAll(List.of(options));
    generate(name, algorithm, all.toArray(String[]::new));
    write(name);
  }

  private void generate(String name, String algorithm, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(KEYTOOL.toString(), "-genkeypair", "-alias", name));
    command.addAll(List.of("-keyalg", algorithm, "-dname", "CN=" + name));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(options));
    Path log = directory.resolve("keytool.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + Files.readString(log));
    }
  }

  private void write(String name) throws Exception {
    KeyStore loaded = load();
    Key key = loaded.getKey(name, PASSWORD.toCharArray());
    Certificate certificate = loaded.getCertificate(name);
    Files.writeString(certificate(name), pem("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(key(name), pem("PRIVATE KEY", key.getEncoded()));
  }

  private KeyStore load() throws GeneralSecurityException, IOException {
    try (InputStream in = new FileInputStream(store.toFile())) {
      KeyStore loaded = KeyStore.getInstance("PKCS12");
      loaded.load(in, PASSWORD.toCharArray());
      return loaded;
    }
  }

  /// A PEM block.
  public static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }

  /// The certificate of the authority.
  public Path authority() {
    return certificate("ca");
  }

  /// The certificate of `name`.
  public Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  /// The private key of `name`, as PKCS#8.
  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /// What a server in this process needs to be `name`, trusting the authority.
  public SSLContext context(String name) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    KeyStore loaded = load();
    own.setKeyEntry(
        name,
        Objects.requireNonNull(loaded.getKey(name, PASSWORD.toCharArray())),
        PASSWORD.toCharArray(),
        new Certificate[] {loaded.getCertificate(name)});
    own.setCertificateEntry("ca", loaded.getCertificate("ca"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(own);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /// The directives with which a `redis-server` is `name` on `port`.
  ///
  /// @param clients `yes`, `no` or `optional`: whether clients need a certificate
  public String[] redisDirectives(String name, int port, String clients) {
    return new String[] {
      "--tls-port",
      String.valueOf(port),
      "--tls-cert-file",
      certificate(name).toString(),
      "--tls-key-file",
      key(name).toString(),
      "--tls-ca-cert-file",
      authority().toString(),
      "--tls-auth-clients",
      clients,
      "--repl-diskless-sync-delay",
      "0"
    };
  }
}
