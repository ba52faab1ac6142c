//! The table `[http]` of `--engine-config`, and the flags that say the same.

use super::EngineError;
use super::options::{HttpOptions, is_field_name};
use super::secret::{KeyPlace, from_env};
use crate::written::{Fault, Table, codes};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What a file or flags say of a server; `None` where they say nothing. It holds no secret, only where one is.
#[derive(Clone, Default, PartialEq)]
pub struct HttpConfig {
    /// The whole address.
    pub url: Option<String>,
    /// Where the key is.
    pub key: Option<KeyPlace>,
    /// The variable of the environment that holds the proxy's address.
    pub proxy_env: Option<String>,
    /// Certificates of the authorities to trust, PEM.
    pub ca_file: Option<PathBuf>,
    /// Words that the model is to expect.
    pub prompt: Option<String>,
    /// The model's temperature.
    pub temperature: Option<f64>,
    /// More fields of the form.
    pub fields: Option<BTreeMap<String, String>>,
    /// How long a connection may take to open.
    pub connect_timeout: Option<Duration>,
    /// The first pause before asking again.
    pub backoff: Option<Duration>,
    /// How long one clip may take with all attempts and pauses.
    pub give_up_after: Option<Duration>,
    /// After so many clips failed in a row, the server is left alone.
    pub breaker_failures: Option<usize>,
    /// How long it is left alone.
    pub cool_down: Option<Duration>,
}

/// Names under which people write keys; the lines that hold them are not shown.
const NAMES_OF_SECRETS: [&str; 7] = ["key", "api_key", "apikey", "authorization", "password", "secret", "token"];

impl HttpConfig {
    /// Reads the table `[http]`; mistakes are reported on its page.
    #[must_use]
    pub fn read(table: &Table<'_>) -> Self {
        let text = |key| table.text(key).map(|text| text.value);
        let duration = |key| table.duration_ms(key).map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
        let config = Self {
            url: text("url"),
            key: key(table),
            proxy_env: text("proxy_env"),
            ca_file: text("ca_file").map(PathBuf::from),
            prompt: text("prompt"),
            temperature: table.number("temperature", 0.0..=2.0),
            fields: fields(table),
            connect_timeout: duration("connect_timeout"),
            backoff: duration("backoff"),
            give_up_after: duration("give_up_after"),
            breaker_failures: table.integer("breaker_failures", 1..=1_000).map(|count| count as usize),
            cool_down: duration("cool_down"),
        };
        table.refuse_unknown_keys();
        config
    }

    /// What `self` says, and where it says nothing what `other` says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            url: self.url.or(other.url),
            key: self.key.or(other.key),
            proxy_env: self.proxy_env.or(other.proxy_env),
            ca_file: self.ca_file.or(other.ca_file),
            prompt: self.prompt.or(other.prompt),
            temperature: self.temperature.or(other.temperature),
            fields: self.fields.or(other.fields),
            connect_timeout: self.connect_timeout.or(other.connect_timeout),
            backoff: self.backoff.or(other.backoff),
            give_up_after: self.give_up_after.or(other.give_up_after),
            breaker_failures: self.breaker_failures.or(other.breaker_failures),
            cool_down: self.cool_down.or(other.cool_down),
        }
    }

    /// The options of this configuration and, for what it leaves open, of `standard`; looks the key and the proxy up.
    pub(in crate::engine) fn options(&self, standard: HttpOptions) -> Result<HttpOptions, EngineError> {
        Ok(HttpOptions {
            key: self.key.as_ref().map(KeyPlace::read).transpose()?,
            proxy: self.proxy_env.as_ref().map(|name| from_env(name, "proxy_env")).transpose()?,
            prompt: self.prompt.clone(),
            temperature: self.temperature,
            fields: self.fields.clone().unwrap_or_default(),
            ca_file: self.ca_file.clone(),
            connect_timeout: self.connect_timeout.unwrap_or(standard.connect_timeout),
            backoff: self.backoff.unwrap_or(standard.backoff),
            // A clip that takes long is to have its second attempt, too.
            give_up_after: self.give_up_after.unwrap_or(standard.give_up_after.max(standard.timeout * 2)),
            breaker_failures: self.breaker_failures.unwrap_or(standard.breaker_failures),
            cool_down: self.cool_down.unwrap_or(standard.cool_down),
            ..standard
        })
    }
}

/// Without the address, whose query may hold a key.
impl fmt::Debug for HttpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpConfig").field("key", &self.key).finish_non_exhaustive()
    }
}

fn key(table: &Table<'_>) -> Option<KeyPlace> {
    for name in NAMES_OF_SECRETS.iter().filter(|name| table.has(name)) {
        // Known from here on: to refuse it as unknown would show its line.
        let _ = table.value(name);
        let fault = Fault::new(codes::UNKNOWN_KEY, table.place(), format!("a secret stands in `{name}`"));
        table.report(fault.help("take it out, and say by key_env or key_file where it is"));
    }
    let env = table.text("key_env").map(|name| KeyPlace::Env(name.value));
    let file = table.text("key_file").map(|path| KeyPlace::File(PathBuf::from(path.value)));
    if env.is_some() && file.is_some() {
        let fault = Fault::new(codes::TWO_KINDS, table.key_place("key_file"), "both `key_env` and `key_file`");
        table.report(fault.label("one of them is enough"));
    }
    env.or(file)
}

fn fields(table: &Table<'_>) -> Option<BTreeMap<String, String>> {
    let inner = table.table("fields")?;
    let mut fields = BTreeMap::new();
    for key in inner.keys() {
        let Some(value) = inner.named_value(&key.value) else { continue };
        let Some(text) = value.get_ref().as_str() else {
            inner.wrong_type(value, &format!("`{}`", key.value), "a string");
            continue;
        };
        if !is_field_name(&key.value) {
            let fault = Fault::new(codes::BAD_NAME, key.span, format!("a form field cannot be named `{}`", key.value));
            inner.report(fault.help("letters, digits and _-.[] only, and not `file`"));
            continue;
        }
        fields.insert(key.value, text.to_owned());
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineConfig;
    use crate::engine::http::Secret;
    use crate::transcript::import::Format;
    use crate::written::render::{Style, render};

    #[test]
    fn a_file_reads_as_it_is_written() {
        let text = "engine = \"http\"\nmodel = \"m\"\nslots = 16\nformat = \"callsift\"\nrate = \"16000 Hz\"\nattempts = 3\n\
                    longest_clip = \"10 min\"\ntimeout = \"20 min\"\n[http]\nurl = \"http://h:1/v1/audio/transcriptions\"\nkey_env = \"CARGO_PKG_NAME\"\n\
                    ca_file = \"ca.pem\"\nconnect_timeout = \"2.5 s\"\ntemperature = 0\nfields = { vad = \"1\", response_format = \"\" }\n";
        let config = EngineConfig::read("engine.toml", text).expect("no mistake");
        let options = config.http_options().expect("an address");
        assert_eq!(options.key, Some(Secret::new("callsift")));
        assert_eq!((options.model.as_deref(), options.attempts, options.slots), (Some("m"), 3, 16));
        assert_eq!((options.temperature, options.format), (Some(0.0), Some(Format::Ours)));
        assert_eq!((options.longest_ms, options.rate_hz), (Some(600_000), Some(16_000)));
        assert_eq!(options.fields.get("response_format").map(String::as_str), Some(""));
        let seconds = [options.timeout, options.connect_timeout, options.give_up_after].map(|it| it.as_secs_f64());
        assert_eq!(seconds, [1_200.0, 2.5, 2_400.0]);
        assert_eq!(options.cool_down, HttpOptions::new("").cool_down);
    }

    #[test]
    fn the_examples_of_the_documentation_can_be_read() {
        let blocks = include_str!("../../../docs/engines.md").split("```toml\n").skip(1);
        let examples: Vec<&str> = blocks.filter_map(|block| block.split("```").next()).collect();
        let of_http: Vec<&&str> = examples.iter().filter(|example| example.contains("[http")).collect();
        assert!(!of_http.is_empty());
        for example in of_http {
            EngineConfig::read("engine.toml", example).expect(example);
        }
    }

    #[test]
    fn flags_win_over_the_file_with_whichever_kind_of_key() {
        let file =
            EngineConfig::read("engine.toml", "[http]\nurl = \"http://a/b\"\nkey_env = \"KEY\"\ncool_down = \"1 s\"\n");
        let flags = HttpConfig { key: Some(KeyPlace::File("key".into())), ..HttpConfig::default() };
        let both = flags.or(file.expect("no mistake").http);
        assert_eq!((both.key, both.url.as_deref()), (Some(KeyPlace::File("key".into())), Some("http://a/b")));
        assert_eq!(both.cool_down, Some(Duration::from_secs(1)));
    }

    #[test]
    fn mistakes_say_where_they_stand_and_show_no_secret() {
        let cases = [
            (
                "[http]\nurl = \"http://h/inference\"\nbreaker_failures = 0\nkey = \"sk-1\"\nfields = { file = \"x\", a = 1 }\n",
                vec![
                    "engine.toml:1:2: unknown_key: a secret stands in `key`",
                    "engine.toml:3:20: out_of_range: `breaker_failures` is 0; allowed is 1 to 1000",
                    "engine.toml:5:12: bad_name: a form field cannot be named `file`",
                    "engine.toml:5:28: wrong_type: `a` must be a string, not a whole number",
                ],
            ),
            (
                "[http]\nurl = \"http://h/inference\"\nkey_env = \"A\"\nkey_file = \"b\"\n",
                vec!["engine.toml:4:1: two_kinds: both `key_env` and `key_file`"],
            ),
            ("[http]\nurls = \"x\"\n", vec!["engine.toml:2:1: unknown_key: unknown key `urls` in `http`"]),
        ];
        for (text, expected) in cases {
            let mistakes = EngineConfig::read("engine.toml", text).expect_err(text);
            let told: Vec<String> = mistakes.iter().map(|mistake| format!("{mistake:?}")).collect();
            assert_eq!(told, expected, "{text}");
            assert!(!render(&mistakes, Style::Plain).contains("sk-1"));
        }
        let query = EngineConfig::read("engine.toml", "[http]\nurl = \"http://h/inference?key=sk-1\"\n");
        assert!(!format!("{query:?}").contains("sk-1"));
    }
}
