package io.redrill.aof.resp;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SNIHostName;

/// How a connection is encrypted, and how both sides prove who they are.
///
/// The files are read anew for each connection, so that renewed certificates count from the next
/// one on. All are PEM.
///
/// @param authorities certificates of those who may vouch for the server; empty for the ones that
///   the JVM trusts
/// @param client who we are, for servers that ask
/// @param serverName what stands in the server's certificate, and is asked for by SNI; empty for
///   the host that is connected to. An address is not sent by SNI, as its rules want it
/// @param isNameChecked whether the certificate must be made out to that name. Without it, any
///   server passes that has a certificate of a trusted authority
public record Tls(
    Optional<Path> authorities,
    Optional<ClientCertificate> client,
    Optional<String> serverName,
    boolean isNameChecked) {

  /// Checks the form of the name.
  ///
  /// @throws IllegalArgumentException if `serverName` can be neither an address nor a host name
  public Tls {
    if (serverName.isPresent() && !isAddress(serverName.get())) {
      new SNIHostName(serverName.get());
    }
  }

  /// A client certificate.
  ///
  /// @param chain the certificate, and behind it those that lead to its authority
  /// @param key the private key, not encrypted: PKCS#8, PKCS#1 or SEC1
  public record ClientCertificate(Path chain, Path key) {}

  /// What the JVM trusts, no client certificate, and the name of the host.
  public static Tls ofDefaults() {
    return new Tls(Optional.empty(), Optional.empty(), Optional.empty(), true);
  }

  /// The same, trusting the certificates in `file` alone.
  public Tls trusting(Path file) {
    return new Tls(Optional.of(file), client, serverName, isNameChecked);
  }

  /// The same with a client certificate.
  public Tls as(Path chain, Path key) {
    return new Tls(
        authorities, Optional.of(new ClientCertificate(chain, key)), serverName, isNameChecked);
  }

  /// The same for a server that calls itself `name`.
  public Tls named(String name) {
    return new Tls(authorities, client, Optional.of(name), isNameChecked);
  }

  /// The same, whatever name stands in the server's certificate.
  public Tls withoutNameCheck() {
    return new Tls(authorities, client, serverName, false);
  }

  /// The same with relative paths taken from `directory`.
  public Tls in(Path directory) {
    return new Tls(
        authorities.map(directory::resolve),
        client.map(files ->
            new ClientCertificate(
                directory.resolve(files.chain()), directory.resolve(files.key()))),
        serverName,
        isNameChecked);
  }

  static boolean isAddress(String name) {
    try {
      InetAddress.ofLiteral(name);
      return true;
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }
}
