package io.redrill.storage.s3;

import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.layer.KeyPrefix;
import io.redrill.storage.layer.StoreInputStream;
import io.redrill.storage.layer.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Objects in one bucket, below a prefix.
///
/// A put is one plain `PutObject` with `If-None-Match: *`, so the store itself decides which of two
/// writers wins. Multipart uploads are not used: not every store honours the condition when it
/// completes one. Hence an object is limited to [Upload#MAX_BYTES] and held in memory while it is
/// sent; an attempt that failed is sent again from there.
///
/// The answer to a put may be lost and the SDK try again, to be told that the key is taken: by the
/// put itself. Each put therefore leaves an identifier of its own in the object's metadata, and a
/// key that is taken by the same identifier is a put that succeeded.
///
/// No answer is taken on trust: a put counts with the `ETag` that every S3 store gives, a read with
/// the range that was asked for and to its announced end, a listing when it says that it is whole.
///
/// Credentials come from the SDK's default chain: environment, profile, web identity, container or
/// instance role. Every wait is bounded by [StoreTimeouts].
public final class S3Store implements ObjectStore {

  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final int MAX_PAGE_SIZE = 1000;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final StoreUrl.S3 url;
  private final KeyPrefix prefix;
  private final S3Client client;
  private final int pageSize;

  /// A missing object and a missing bucket look the same to `HeadObject`; until the bucket has been
  /// seen, it is asked for.
  private volatile boolean bucketSeen;

  private S3Store(StoreUrl.S3 url, S3Client client, int pageSize) {
    this.url = url;
    this.prefix = new KeyPrefix(url.prefix());
    this.client = client;
    this.pageSize = pageSize;
  }

  /// The store at `url`, with the usual timeouts.
  ///
  /// @throws StoreException if no region is known; the bucket is not asked for yet
  public static S3Store open(StoreUrl.S3 url) throws StoreException {
    return open(url, StoreTimeouts.standard());
  }

  /// As above, with `timeouts`.
  public static S3Store open(StoreUrl.S3 url, StoreTimeouts timeouts) throws StoreException {
    return open(url, timeouts, MAX_PAGE_SIZE);
  }

  /// As above, listing `pageSize` objects per request.
  static S3Store open(StoreUrl.S3 url, StoreTimeouts timeouts, int pageSize) throws StoreException {
    return new S3Store(url, S3Clients.open(url, timeouts), pageSize);
  }

  @Override
  public void put(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    Upload upload = Upload.of(key, source, sizeBytes);
    try {
      PutObjectResponse answer =
          client.putObject(
              request ->
                  request
                      .bucket(url.bucket())
                      .key(prefix.name(key.value()))
                      .metadata(Map.of(Upload.ID, upload.id()))
                      .ifNoneMatch("*"),
              RequestBody.fromContentProvider(
                  ContentStreamProvider.fromByteArrayUnsafe(upload.bytes()),
                  upload.bytes().length,
                  "application/octet-stream"));
      if (answer.eTag() == null) {
        throw S3Failure.notAnS3Answer(key.value());
      }
    } catch (S3Exception e) {
      if (e.statusCode() != PRECONDITION_FAILED && e.statusCode() != CONFLICT) {
        throw failure(e, key.value());
      }
      acceptIfOurs(key, upload, e);
    } catch (SdkException e) {
      throw failure(e, key.value());
    }
  }

  private void acceptIfOurs(ObjectKey key, Upload upload, S3Exception refusal) throws IOException {
    Optional<HeadObjectResponse> taker = head(key);
    if (taker.isEmpty() && refusal.statusCode() == CONFLICT) {
      throw new StoreFailureException(
          "another request for the same key was in the way; try again", key.value(), refusal);
    }
    if (taker.isEmpty() || !upload.id().equals(taker.get().metadata().get(Upload.ID))) {
      throw new ObjectExistsException("the key is taken", key.value(), refusal);
    }
  }

  @Override
  public InputStream open(ObjectKey key) throws IOException {
    return get(key, Optional.empty());
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("negative range: " + offset + ", " + length);
    }
    if (length == 0) {
      // HTTP has no empty range; what is left to say is whether the object is there.
      get(key, Optional.of(new ByteRange(0, 1))).close();
      return InputStream.nullInputStream();
    }
    return get(key, Optional.of(new ByteRange(offset, length)));
  }

  private InputStream get(ObjectKey key, Optional<ByteRange> range) throws IOException {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(url.bucket()).key(prefix.name(key.value()));
    if (range.isPresent()) {
      request.range(range.get().header());
    } else if (url.checksum() == StoreUrl.ChecksumMode.WHEN_SUPPORTED) {
      request.checksumMode(ChecksumMode.ENABLED);
    }
    try {
      ResponseInputStream<GetObjectResponse> body = client.getObject(request.build());
      GetObjectResponse answer = body.response();
      if (answer.eTag() == null
          || answer.contentLength() == null
          || (range.isPresent()
              && !range.get().isAnsweredBy(answer.contentRange(), answer.contentLength()))) {
        body.abort();
        throw S3Failure.notAnS3Answer(key.value());
      }
      return new StoreInputStream(
          body, answer.contentLength(), key.value(), e -> S3Failure.of(e, key.value(), url));
    } catch (S3Exception e) {
      if (range.isPresent() && e.statusCode() == RANGE_NOT_SATISFIABLE) {
        return InputStream.nullInputStream();
      }
      throw failure(e, key.value());
    } catch (SdkException e) {
      throw failure(e, key.value());
    }
  }

  @Override
  public Optional<ObjectInfo> find(ObjectKey key) throws IOException {
    return head(key).map(head -> new ObjectInfo(key, head.contentLength(), head.lastModified()));
  }

  private Optional<HeadObjectResponse> head(ObjectKey key) throws IOException {
    try {
      HeadObjectResponse head =
          client.headObject(request -> request.bucket(url.bucket()).key(prefix.name(key.value())));
      if (head.eTag() == null || head.contentLength() == null || head.lastModified() == null) {
        throw S3Failure.notAnS3Answer(key.value());
      }
      bucketSeen = true;
      return Optional.of(head);
    } catch (S3Exception e) {
      boolean missing = e.statusCode() == 404;
      if (!missing || !bucketSeen) {
        // An answer to HEAD has no body to say why; a listing that fails for the same reason has.
        page("", 1, Optional.empty());
      }
      if (!missing) {
        throw failure(e, key.value());
      }
      return Optional.empty();
    } catch (SdkException e) {
      throw failure(e, key.value());
    }
  }

  @Override
  public Stream<ObjectInfo> list(String start) throws IOException {
    if (!KeyPrefix.mayStartKeys(start)) {
      return Stream.empty();
    }
    return Stream.iterate(
            Optional.of(page(start, pageSize, Optional.empty())),
            Optional::isPresent,
            page -> page.flatMap(before -> pageAfter(before, start)))
        .flatMap(page -> page.orElseThrow().answer.contents().stream())
        .flatMap(object -> info(object).stream());
  }

  /// One answer to a listing.
  ///
  /// @param token what was sent to have it; empty for the first
  private record Page(Optional<String> token, ListObjectsV2Response answer) {}

  private Optional<Page> pageAfter(Page page, String start) {
    if (!page.answer.isTruncated()) {
      return Optional.empty();
    }
    Optional<String> next = Optional.ofNullable(page.answer.nextContinuationToken());
    try {
      if (next.isEmpty() || next.equals(page.token)) {
        // It would give the same objects again, for ever.
        throw S3Failure.notAnS3Answer(location());
      }
      return Optional.of(page(start, pageSize, next));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Page page(String start, int objects, Optional<String> token) throws IOException {
    try {
      ListObjectsV2Response answer =
          client.listObjectsV2(request -> {
            request
                .bucket(url.bucket())
                .prefix(prefix.name(start))
                .maxKeys(objects)
                // Others may have put names that XML cannot carry.
                .encodingType(EncodingType.URL);
            token.ifPresent(request::continuationToken);
          });
      if (answer.isTruncated() == null) {
        throw S3Failure.notAnS3Answer(location());
      }
      bucketSeen = true;
      return new Page(token, answer);
    } catch (IllegalArgumentException e) {
      // The SDK's own, about names that are not encoded as they should be.
      throw S3Failure.notAnS3Answer(location(), e);
    } catch (SdkException e) {
      throw failure(e, location());
    }
  }

  private Optional<ObjectInfo> info(S3Object object) {
    return prefix
        .key(object.key())
        .map(key -> new ObjectInfo(key, object.size(), wholeSeconds(object.lastModified())));
  }

  /// `HeadObject` answers in whole seconds; a listing, where a store is more exact, agrees with it.
  private static Instant wholeSeconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public void delete(ObjectKey key) throws IOException {
    try {
      client.deleteObject(request -> request.bucket(url.bucket()).key(prefix.name(key.value())));
    } catch (SdkException e) {
      throw failure(e, key.value());
    }
  }

  private IOException failure(SdkException e, String object) {
    return S3Failure.of(e, object, url);
  }

  @Override
  public String location() {
    return url.toString();
  }

  @Override
  public void close() {
    client.close();
  }
}
