#pragma once
// How the input source s3 says where S3 is and who asks: its fields properties, endpointConfig, clientConfig and
// proxyConfig. A function of its arguments, and of the environment where a password lies there.

#include "ingest/s3/s3_client.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// `otherwise` where the input source says nothing. Throws kInvalidInput naming the field, kUnsupported for what is not
/// built.
S3Connection parse_s3_connection(const JsonField& input_source, S3Connection otherwise);

}  // namespace sarsen::ingest
