//! Reaching a bucket: which store, as whom, how patiently.

#![expect(
    clippy::disallowed_methods,
    reason = "an edge: the environment and AWS's files say which store, and who asks"
)]

use super::credentials::{Profile, read_profile};
use super::reach::PATIENCE;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{Certificate, ClientOptions, ObjectStore, RetryConfig};
use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// A request that fails is tried again so often, at growing intervals.
const RETRIES: usize = 8;
/// A store that says nothing for so long is given up on, and asked again.
const SILENCE: Duration = Duration::from_secs(30);
const CONNECTING: Duration = Duration::from_secs(10);

/// The store of `bucket`; its connections are shared by all that use it.
pub(super) fn store(bucket: &str) -> io::Result<Arc<dyn ObjectStore>> {
    static STORES: OnceLock<Mutex<BTreeMap<String, Arc<dyn ObjectStore>>>> = OnceLock::new();
    let mut stores = STORES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(store) = stores.get(bucket) {
        return Ok(Arc::clone(store));
    }
    let store = connect(bucket)?;
    stores.insert(bucket.to_owned(), Arc::clone(&store));
    Ok(store)
}

fn connect(bucket: &str) -> io::Result<Arc<dyn ObjectStore>> {
    if bucket.is_empty() {
        let told = "s3:// must be followed by the name of a bucket, as in s3://bucket/calls";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, told));
    }
    // Another part of the process may have chosen one; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = with_profile(AmazonS3Builder::from_env().with_bucket_name(bucket))?;
    // Who writes http:// means it: a store in one's own network.
    let is_plain = endpoint(&builder).is_some_and(|url| url.to_ascii_lowercase().starts_with("http://"));
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
    // A recording of hours takes its time; what counts is that something comes.
    let client =
        ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE).with_connect_timeout(CONNECTING);
    let mut client = client.with_allow_http(is_plain);
    if let Some(bundle) = env::var_os("AWS_CA_BUNDLE") {
        for certificate in certificates(Path::new(&bundle))? {
            client = client.with_root_certificate(certificate);
        }
    }
    let store = builder.with_client_options(client).with_retry(retry).build();
    Ok(Arc::new(store.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?))
}

/// Fills in what the environment does not say from the user's profile.
fn with_profile(mut builder: AmazonS3Builder) -> io::Result<AmazonS3Builder> {
    let profile = profile();
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let says_who = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_SKIP_SIGNATURE"]
        .iter()
        .any(|it| is_set(it))
        || ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"].iter().any(|it| is_set(it));
    if !says_who {
        match (profile.access_key_id, profile.secret_access_key) {
            (Some(id), Some(secret)) => {
                builder = builder.with_access_key_id(id).with_secret_access_key(secret);
                if let Some(token) = profile.session_token {
                    builder = builder.with_token(token);
                }
            }
            _ if env::var("AWS_EC2_METADATA_DISABLED").is_ok_and(|it| it.eq_ignore_ascii_case("true")) => {
                let told = "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE";
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, told));
            }
            // The machine's own, as Amazon's machines have them.
            _ => {}
        }
    }
    if let Some(region) = profile.region.filter(|_| builder.get_config_value(&AmazonS3ConfigKey::Region).is_none()) {
        builder = builder.with_region(region);
    }
    if let Some(url) = profile.endpoint_url.filter(|_| endpoint(&builder).is_none()) {
        builder = builder.with_endpoint(url);
    }
    Ok(builder)
}

fn endpoint(builder: &AmazonS3Builder) -> Option<String> {
    let of = |key| builder.get_config_value(&key).filter(|url| !url.is_empty());
    of(AmazonS3ConfigKey::S3Endpoint).or_else(|| of(AmazonS3ConfigKey::Endpoint))
}

/// What AWS's files say of the profile that `AWS_PROFILE` names; files that are not there say nothing.
fn profile() -> Profile {
    let name = env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned());
    let home = env::home_dir().unwrap_or_default();
    let file = |variable: &str, usual: &str| {
        let path = env::var_os(variable).map_or_else(|| home.join(".aws").join(usual), PathBuf::from);
        std::fs::read_to_string(path).unwrap_or_default()
    };
    let mut profile = read_profile(&file("AWS_CONFIG_FILE", "config"), &name);
    profile.fill(read_profile(&file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), &name));
    profile
}

fn certificates(bundle: &Path) -> io::Result<Vec<Certificate>> {
    let named = |told: String| io::Error::other(format!("AWS_CA_BUNDLE: {told}"));
    let pem = std::fs::read(bundle).map_err(|error| named(error.kind().to_string()))?;
    Certificate::from_pem_bundle(&pem).map_err(|error| named(error.to_string()))
}
