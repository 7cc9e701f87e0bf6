package io.redrill.aof.resp;

import io.redrill.rdb.ByteInput;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// One TCP connection to a server, encrypted if its endpoint says so: a small blocking client.
///
/// [#call] is one command and its reply. To pipeline, [#send] several commands and then [#receive]
/// as many replies; commands are flushed before the first reply is awaited.
///
/// Not safe for use by several threads, but one thread may send while another receives. After an
/// exception other than [RespErrorException] the connection is of no more use, and should be
/// closed.
public final class RespConnection implements Closeable {

  private static final int BUFFER_BYTES = 64 * 1024;

  /// The first bytes of a TLS record: an alert, or a handshake; then the version.
  private static final int TLS_ALERT = 0x15;

  private static final int TLS_HANDSHAKE = 0x16;

  private static final Pattern HUNG_UP = Pattern.compile("(?i)reset|broken pipe");

  private final Socket socket;
  private final ByteInput in;
  private final OutputStream out;
  private final RespReader reader;
  private final RespWriter writer;
  private final boolean isEncrypted;
  private boolean heard;

  private RespConnection(Socket socket, ServerEndpoint endpoint) throws IOException {
    InputStream received = socket.getInputStream();
    OutputStream sent = socket.getOutputStream();
    if (endpoint.tls().isPresent()) {
      TlsLink link = TlsLink.open(socket, endpoint, endpoint.tls().get());
      received = link.input();
      sent = link.output();
    }
    this.socket = socket;
    this.isEncrypted = endpoint.tls().isPresent();
    this.in = new ByteInput(received, endpoint.address());
    this.out = new BufferedOutputStream(sent, BUFFER_BYTES);
    this.reader = new RespReader(in);
    this.writer = new RespWriter(out);
  }

  /// Connects, and authenticates if the endpoint has credentials.
  ///
  /// @throws RespErrorException if the server refuses the credentials
  /// @throws TlsException if both sides do not agree on TLS, or do not trust each other
  /// @throws IOException if the server cannot be reached
  public static RespConnection connect(ServerEndpoint endpoint) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.setSoTimeout(Math.toIntExact(endpoint.readTimeout().toMillis()));
      socket.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()),
          Math.toIntExact(endpoint.connectTimeout().toMillis()));
      RespConnection connection = new RespConnection(socket, endpoint);
      if (endpoint.credentials().isPresent()) {
        connection.authenticate(endpoint.credentials().get());
      }
      return connection;
    } catch (IOException | RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  /// Connects to a server that wants no password, with the default timeouts.
  public static RespConnection connect(String host, int port) throws IOException {
    return connect(ServerEndpoint.of(host, port));
  }

  private void authenticate(Credentials credentials) throws IOException {
    if (credentials.user().isPresent()) {
      call("AUTH", credentials.user().get(), credentials.password());
    } else {
      call("AUTH", credentials.password());
    }
  }

  /// Sends a command of text arguments, name first, and returns the reply, which is never an
  /// [RespReply.ErrorReply].
  ///
  /// @throws RespErrorException if the server refuses the command; the connection can still be used
  public RespReply call(String... args) throws IOException {
    return call(Arrays.stream(args).map(arg -> arg.getBytes(StandardCharsets.UTF_8)).toList());
  }

  /// As above, for arguments of any bytes.
  public RespReply call(List<byte[]> args) throws IOException {
    send(args);
    RespReply reply = receive();
    if (reply instanceof RespReply.ErrorReply(String text)) {
      throw new RespErrorException(new String(args.getFirst(), StandardCharsets.UTF_8), text);
    }
    return reply;
  }

  /// Queues a command of text arguments; [#receive] or [#flush] sends it off.
  public void send(String... args) throws IOException {
    writer.writeCommand(args);
  }

  /// Queues a command of any bytes.
  public void send(List<byte[]> args) throws IOException {
    writer.writeCommand(args);
  }

  /// Queues what is written to it, as [#send] does: commands from elsewhere. Closing it closes the
  /// connection.
  public OutputStream output() {
    return out;
  }

  /// Sends off what was queued.
  public void flush() throws IOException {
    out.flush();
  }

  /// Flushes, and waits for the next reply; an error reply is returned like any other.
  public RespReply receive() throws IOException {
    flush();
    greet();
    return reader.readReply();
  }

  /// As [#receive], but that a string of more than `heldBytes` goes to `taker`; empty then.
  public Optional<RespReply> receive(long heldBytes, LargeString taker) throws IOException {
    flush();
    greet();
    return reader.readReply(heldBytes, taker);
  }

  /// Looks at the first byte that the server sends. One that expects TLS answers with an alert, or,
  /// as Redis does, hangs up on bytes that it cannot read; others do that too, so that then TLS is
  /// only said to be possible.
  private void greet() throws IOException {
    if (heard || isEncrypted) {
      return;
    }
    int first;
    try {
      first = in.peek();
    } catch (SocketException broken) {
      if (!HUNG_UP.matcher(String.valueOf(broken.getMessage())).find()) {
        throw broken;
      }
      SocketException explained =
          new SocketException(
              "the server hung up in place of its first answer; it may expect TLS on this port ("
                  + broken.getMessage()
                  + ")");
      explained.initCause(broken);
      throw explained;
    }
    if (first == TLS_ALERT || first == TLS_HANDSHAKE) {
      throw new TlsException(
          TlsException.Problem.TLS_SERVER, in.name(), "a TLS record in place of an answer");
    }
    heard = true;
  }

  /// The bytes that the server sends after the last reply that was received, for conversations that
  /// leave the pattern of command and reply.
  public ByteInput input() {
    return in;
  }

  /// Closes the socket. Another thread that waits in [#receive] gets an exception.
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
