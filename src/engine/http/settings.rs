//! The table `[http]` of a file.

use super::endpoint::Endpoint;
use super::options::{HttpOptions, is_field_name};
use crate::transcript::import::Format;
use crate::written::{Fault, Table, codes};
use std::path::PathBuf;
use std::time::Duration;

/// What the table says: the options, and where the secrets are, which no such file holds.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The options, without key and proxy.
    pub options: HttpOptions,
    /// The environment's variable that holds the key.
    pub key_env: Option<String>,
    /// The file that holds the key.
    pub key_file: Option<PathBuf>,
    /// The environment's variable that holds the proxy's address.
    pub proxy_env: Option<String>,
}

/// The longest time that may be written, in seconds: a day.
const DAY_S: f64 = 86_400.0;

impl HttpSettings {
    /// Reads the table `[http]`; mistakes are reported on its page, and the defaults stand in for what is not there.
    pub fn read(table: &Table<'_>) -> Self {
        let url = table.required_text("url");
        if !url.value.is_empty()
            && let Err(why) = Endpoint::read(&url.value)
        {
            table.report(Fault::new(codes::UNKNOWN_VALUE, url.span.clone(), format!("`url` {why}")));
        }
        let mut options = HttpOptions::new(&url.value);
        form(table, &mut options);
        limits(table, &mut options);
        let text = |key| table.text(key).map(|text| text.value);
        options.ca_file = text("ca_file").map(PathBuf::from);
        let (key_env, key_file, proxy_env) = (text("key_env"), text("key_file").map(PathBuf::from), text("proxy_env"));
        if key_env.is_some() && key_file.is_some() {
            let fault = Fault::new(codes::TWO_KINDS, table.key_place("key_file"), "both `key_env` and `key_file`");
            table.report(fault.label("one of them is enough"));
        }
        table.refuse_unknown_keys();
        Self { options, key_env, key_file, proxy_env }
    }
}

/// What is sent, and how it is answered.
fn form(table: &Table<'_>, options: &mut HttpOptions) {
    let text = |key| table.text(key).map(|text| text.value);
    options.model = text("model");
    options.prompt = text("prompt");
    options.temperature = table.number("temperature", 0.0..=2.0);
    options.format = table.choice("format", &Format::ALL.map(|format| (format.name(), format)));
    options.rate_hz = table.integer("rate_hz", 8_000..=48_000).and_then(|rate| u32::try_from(rate).ok());
    options.longest_ms = table.integer("longest_s", 10..=86_400).map(|seconds| seconds * 1_000);
    let Some(fields) = table.table("fields") else { return };
    for key in fields.keys() {
        let Some(value) = fields.named_value(&key.value) else { continue };
        let Some(text) = value.get_ref().as_str() else {
            fields.wrong_type(value, &format!("`{}`", key.value), "a string");
            continue;
        };
        if !is_field_name(&key.value) {
            let fault = Fault::new(codes::BAD_NAME, key.span, format!("a form field cannot be named `{}`", key.value));
            fields.report(fault.help("letters, digits and _-.[] only, and not `file`"));
            continue;
        }
        options.fields.insert(key.value, text.to_owned());
    }
}

/// Times and counts.
fn limits(table: &Table<'_>, options: &mut HttpOptions) {
    let seconds = |key, least: f64, time: &mut Duration| {
        if let Some(seconds) = table.number(key, least..=DAY_S) {
            *time = Duration::from_secs_f64(seconds);
        }
    };
    seconds("connect_timeout_s", 0.1, &mut options.connect_timeout);
    seconds("timeout_s", 0.1, &mut options.timeout);
    seconds("backoff_s", 0.0, &mut options.backoff);
    seconds("backoff_cap_s", 0.0, &mut options.backoff_cap);
    seconds("retry_after_cap_s", 0.0, &mut options.retry_after_cap);
    seconds("give_up_after_s", 0.1, &mut options.give_up_after);
    seconds("cool_down_s", 0.0, &mut options.cool_down);
    let count = |key| table.integer(key, 1..=1_000);
    if let Some(attempts) = count("attempts").and_then(|count| u32::try_from(count).ok()) {
        options.attempts = attempts;
    }
    for (key, number) in [("breaker_failures", &mut options.breaker_failures), ("slots", &mut options.slots)] {
        if let Some(count) = count(key).and_then(|count| usize::try_from(count).ok()) {
            *number = count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::Page;

    fn read(text: &str) -> Result<HttpSettings, Vec<String>> {
        let read = Page::read("callsift.toml", text, "the configuration", |top| {
            top.table("http").map(|http| HttpSettings::read(&http))
        });
        read.map(|settings| settings.expect("a table [http]"))
            .map_err(|mistakes| mistakes.iter().map(|mistake| format!("{mistake:?}")).collect())
    }

    #[test]
    fn a_table_reads_as_it_is_written() {
        let settings = read(
            "[http]\nurl = \"http://h:1/v1/audio/transcriptions\"\nmodel = \"m\"\nkey_env = \"KEY\"\nca_file = \"ca.pem\"\n\
             timeout_s = 60\nconnect_timeout_s = 2.5\nattempts = 3\nslots = 16\ngive_up_after_s = 120\ntemperature = 0\n\
             format = \"callsift\"\nlongest_s = 600\nrate_hz = 16000\nfields = { vad = \"1\", response_format = \"\" }\n",
        );
        let HttpSettings { options, key_env, key_file, proxy_env } = settings.expect("no mistake");
        assert_eq!((key_env.as_deref(), key_file, proxy_env), (Some("KEY"), None, None));
        assert_eq!((options.model.as_deref(), options.attempts, options.slots), (Some("m"), 3, 16));
        assert_eq!(options.connect_timeout, Duration::from_millis(2_500));
        assert_eq!(options.give_up_after, Duration::from_secs(120));
        assert_eq!((options.temperature, options.format), (Some(0.0), Some(Format::Ours)));
        assert_eq!((options.longest_ms, options.rate_hz), (Some(600_000), Some(16_000)));
        assert_eq!(options.fields.get("response_format").map(String::as_str), Some(""));
        assert_eq!(options.cool_down, HttpOptions::new("").cool_down);
    }

    #[test]
    fn mistakes_say_where_they_stand() {
        let cases = [
            ("[http]\n", vec!["callsift.toml:1:2: missing_key: `url` is missing in `http`"]),
            (
                "[http]\nurl = \"http://a:b@h/v1/audio/transcriptions\"\n",
                vec![
                    "callsift.toml:2:7: unknown_value: `url` holds a user name or a password; take it out and name the variable \
                     that holds the key by key_env",
                ],
            ),
            (
                "[http]\nurl = \"http://h/inference\"\nattempts = 0\nkey = \"sk-1\"\nfields = { file = \"x\", a = 1 }\n",
                vec![
                    "callsift.toml:3:12: out_of_range: `attempts` is 0; allowed is 1 to 1000",
                    "callsift.toml:4:1: unknown_key: unknown key `key` in `http`",
                    "callsift.toml:5:12: bad_name: a form field cannot be named `file`",
                    "callsift.toml:5:28: wrong_type: `a` must be a string, not a number",
                ],
            ),
            (
                "[http]\nurl = \"http://h/inference\"\nkey_env = \"A\"\nkey_file = \"b\"\n",
                vec!["callsift.toml:4:1: two_kinds: both `key_env` and `key_file`"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).err().unwrap_or_default(), expected, "{text}");
        }
    }
}
