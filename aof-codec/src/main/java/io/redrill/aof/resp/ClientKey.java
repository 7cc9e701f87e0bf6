package io.redrill.aof.resp;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Our client certificate, if we have one, and the memory of whether the server asked for it.
///
/// It is given whatever authorities the server names: servers name some of those that they trust,
/// or none. Whether they take it is theirs to say.
///
/// Entered by the thread that shakes hands; [#wasAsked] may be called by others.
final class ClientKey extends X509ExtendedKeyManager {

  private static final String ALIAS = "client";

  private final Optional<PrivateKey> key;
  private final X509Certificate[] chain;
  private volatile boolean asked;

  private ClientKey(Optional<PrivateKey> key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain.toArray(X509Certificate[]::new);
  }

  static ClientKey of(Optional<Tls.ClientCertificate> files) throws TlsException {
    if (files.isEmpty()) {
      return new ClientKey(Optional.empty(), List.of());
    }
    List<X509Certificate> chain = TlsFiles.certificates(files.get().chain());
    return new ClientKey(Optional.of(TlsFiles.key(files.get().key(), chain.getFirst())), chain);
  }

  boolean wasAsked() {
    return asked;
  }

  boolean isGiven() {
    return key.isPresent();
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    asked = true;
    return key.isPresent() && Arrays.asList(keyTypes).contains(key.get().getAlgorithm())
        ? ALIAS
        : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return key.orElse(null);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
