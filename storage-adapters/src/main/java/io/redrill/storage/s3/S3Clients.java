package io.redrill.storage.s3;

import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreFailureException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUrl;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// Builds the SDK's client from what a URL says.
final class S3Clients {

  /// Stores other than AWS want some region in signatures, and mostly do not care which.
  private static final Region ANY_REGION = Region.US_EAST_1;

  /// Above the uploads that run at once, and enough for listings and reads beside them.
  private static final int MAX_CONNECTIONS = 64;

  private S3Clients() {}

  static S3Client open(StoreUrl.S3 url, StoreTimeouts timeouts) throws StoreException {
    boolean always = url.checksum() == StoreUrl.ChecksumMode.WHEN_SUPPORTED;
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(MAX_CONNECTIONS)
                    .connectionTimeout(timeouts.connect())
                    .connectionAcquisitionTimeout(timeouts.call())
                    .socketTimeout(timeouts.idle()))
            .forcePathStyle(url.pathStyle())
            // A store that refuses trailing checksums may also stumble over signed chunks: Ceph
            // does
            // over the one of an empty object. Without them, the whole body is signed at once.
            .serviceConfiguration(service -> service.chunkedEncodingEnabled(always))
            .requestChecksumCalculation(
                always
                    ? RequestChecksumCalculation.WHEN_SUPPORTED
                    : RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(
                always
                    ? ResponseChecksumValidation.WHEN_SUPPORTED
                    : ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(override ->
                override
                    .retryStrategy(AwsRetryStrategy.standardRetryStrategy())
                    .apiCallTimeout(timeouts.call()));
    url.endpoint().ifPresent(builder::endpointOverride);
    url.region().map(Region::of).ifPresent(builder::region);
    if (url.endpoint().isPresent() && url.region().isEmpty()) {
      builder.region(ANY_REGION);
    }
    try {
      return builder.build();
    } catch (SdkClientException e) {
      throw new StoreFailureException(
          "no region is known for the bucket; add ?region=… to the URL, or set AWS_REGION",
          url.toString(),
          e);
    } catch (IllegalArgumentException e) {
      throw new StoreAccessException(
          "a profile file of AWS is malformed; correct ~/.aws/config and ~/.aws/credentials, or what"
              + " AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name",
          url.toString(),
          e);
    }
  }
}
