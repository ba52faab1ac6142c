//! How recordings are decoded.

use super::heading;
use crate::audio::decode::{DecodeOptions, Ffmpeg, Pick};
use crate::audio::wave::headerless::Raw;
use clap::Args as ClapArgs;

/// The flags of all that decodes.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = heading::DECODING)]
pub(in crate::cli) struct DecodeArgs {
    /// What files without a header are, such as mulaw:8000:2
    ///
    /// Otherwise the endings of their names tell (.ul, .al, .vox, .gsm, .g722, .pcm ...), and 8,000 Hz mono is meant.
    #[arg(long, value_name = "CODEC:RATE:CHANNELS", hide_short_help = true)]
    raw: Option<Raw>,
    /// Which channels are the parties' in recordings with more than two, by number from 0, such as 0,1
    #[arg(long, value_name = "CHANNELS", hide_short_help = true)]
    channels: Option<Pick>,
    /// Sound after this much is left out, and the call is partial: 90s, 30m or 12h
    #[arg(long = "max-duration", default_value = "12h", value_name = "TIME", value_parser = duration_ms, hide_short_help = true)]
    max_duration_ms: i64,
    /// The ffmpeg that decodes what callsift does not (Speex, WMA ...): on-path, never, or its path
    #[arg(long, default_value = "on-path", value_name = "PROGRAM", value_parser = ffmpeg, hide_short_help = true)]
    ffmpeg: Ffmpeg,
}

impl DecodeArgs {
    /// What they say.
    pub(in crate::cli) fn options(&self) -> DecodeOptions {
        DecodeOptions {
            max_duration_ms: self.max_duration_ms,
            raw: self.raw,
            channels: self.channels.clone(),
            ffmpeg: self.ffmpeg.clone(),
            child: std::env::current_exe().ok(),
        }
    }
}

fn duration_ms(text: &str) -> Result<i64, String> {
    let units = [("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
    let parsed = units.into_iter().find_map(|(unit, ms)| {
        let count: i64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        count.checked_mul(ms).filter(|ms| *ms > 0)
    });
    parsed.ok_or_else(|| format!("{text:?} is no time; write it like 90s, 30m or 12h"))
}

/// Never fails: whatever is no word of ours is a path.
fn ffmpeg(text: &str) -> Result<Ffmpeg, std::convert::Infallible> {
    Ok(match text {
        "on-path" => Ffmpeg::OnPath,
        "never" => Ffmpeg::Never,
        path => Ffmpeg::At(path.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let cases = [("90s", Some(90_000)), ("30m", Some(1_800_000)), ("12h", Some(43_200_000))];
        let wrong = ["", "12", "0s", "-1h", "h", "1.5h", "9999999999999999h"];
        for (text, expected) in cases.into_iter().chain(wrong.map(|text| (text, None))) {
            assert_eq!(duration_ms(text).ok(), expected, "{text}");
        }
    }
}
