package io.redrill.aof.resp;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// TLS over a connected socket, which stays the caller's to close: closing that ends a blocked read
/// or write at once, where an orderly goodbye would wait for one that is stuck.
///
/// With TLS 1.3 the handshake is over for us before the server has looked at our certificate. What
/// it thinks of it arrives in place of its first answer, or is lost with a reset; therefore
/// failures are explained until a first byte was heard.
final class TlsLink {

  private final SSLSocket socket;
  private final ServerEndpoint endpoint;
  private final ClientKey clientKey;
  private volatile boolean heard;

  private TlsLink(SSLSocket socket, ServerEndpoint endpoint, ClientKey clientKey) {
    this.socket = socket;
    this.endpoint = endpoint;
    this.clientKey = clientKey;
  }

  /// Shakes hands; blocks for as long as the endpoint allows for connecting, from one message of
  /// the server's to the next.
  static TlsLink open(Socket socket, ServerEndpoint endpoint, Tls tls) throws IOException {
    ClientKey clientKey = ClientKey.of(tls.client());
    String name = tls.serverName().orElse(endpoint.host());
    SSLContext context = context(tls, clientKey);
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(socket, name, endpoint.port(), true);
    secure.setSSLParameters(parameters(secure, tls, name));
    TlsLink link = new TlsLink(secure, endpoint, clientKey);
    int readTimeout = socket.getSoTimeout();
    socket.setSoTimeout(Math.toIntExact(endpoint.connectTimeout().toMillis()));
    try {
      secure.startHandshake();
    } catch (IOException failure) {
      throw link.explained(failure);
    }
    socket.setSoTimeout(readTimeout);
    return link;
  }

  private static SSLContext context(Tls tls, ClientKey clientKey) throws TlsException {
    TrustManager @Nullable [] trust = null;
    if (tls.authorities().isPresent()) {
      trust = trust(TlsFiles.certificates(tls.authorities().get()));
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {clientKey}, trust, null);
      return context;
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("this JVM has no TLS", broken);
    }
  }

  private static TrustManager[] trust(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority " + i, authorities.get(i));
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException broken) {
      throw new IllegalStateException("this JVM cannot hold certificates", broken);
    }
  }

  private static SSLParameters parameters(SSLSocket socket, Tls tls, String name) {
    SSLParameters parameters = socket.getSSLParameters();
    if (tls.isNameChecked()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (!Tls.isAddress(name)) {
      sni(name).ifPresent(asked -> parameters.setServerNames(List.of(asked)));
    }
    return parameters;
  }

  /// Some hosts have names that no certificate can have: with underscores, for one.
  private static Optional<SNIHostName> sni(String name) {
    try {
      return Optional.of(new SNIHostName(name));
    } catch (IllegalArgumentException notAsked) {
      return Optional.empty();
    }
  }

  InputStream input() throws IOException {
    return new FilterInputStream(socket.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int wanted) throws IOException {
        try {
          int count = in.read(target, from, wanted);
          if (count < 0 && isWithoutCertificate()) {
            throw new EOFException("the server hung up");
          }
          heard = true;
          return count;
        } catch (IOException failure) {
          throw explained(failure);
        }
      }
    };
  }

  OutputStream output() throws IOException {
    return new FilterOutputStream(socket.getOutputStream()) {
      @Override
      public void write(byte[] source, int from, int count) throws IOException {
        try {
          out.write(source, from, count);
        } catch (IOException failure) {
          throw explained(failure);
        }
      }
    };
  }

  private boolean isWithoutCertificate() {
    return !heard && clientKey.wasAsked() && !clientKey.isGiven();
  }

  private IOException explained(IOException failure) {
    if (heard) {
      return failure instanceof SSLException ? broken(failure) : failure;
    }
    if (isWithoutCertificate() && isHangUp(failure)) {
      return TlsException.of(
          TlsException.Problem.CLIENT_CERTIFICATE,
          endpoint.address(),
          "the server asked for a certificate, was given none, and ended the connection",
          failure);
    }
    return switch (failure) {
      case SSLException refused ->
          TlsProblems.explained(refused, endpoint.address(), clientKey.wasAsked());
      case SocketTimeoutException silent when !socket.getSession().isValid() ->
          TlsException.of(
              TlsException.Problem.PLAIN_SERVER,
              endpoint.address(),
              "nothing within %d ms".formatted(endpoint.connectTimeout().toMillis()),
              silent);
      default -> failure;
    };
  }

  /// In the middle of a conversation it is a connection that was lost, like any other.
  private static SocketException broken(IOException failure) {
    SocketException broken =
        new SocketException("the encrypted connection broke: " + failure.getMessage());
    broken.initCause(failure);
    return broken;
  }

  private static boolean isHangUp(IOException failure) {
    return failure instanceof EOFException
        || (failure instanceof SocketException
            && String.valueOf(failure.getMessage()).matches("(?i).*(reset|broken pipe).*"));
  }
}
