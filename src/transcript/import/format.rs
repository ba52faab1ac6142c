//! The formats by name.

/// A format of transcripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own.
    Ours,
    /// SenseVoice, and other models as sherpa-onnx writes them.
    SenseVoice,
    /// FunASR's models, runtime and pipelines.
    FunAsr,
    /// Alibaba Cloud.
    Aliyun,
    /// Tencent Cloud.
    Tencent,
    /// Huawei Cloud.
    Huawei,
    /// iFlytek.
    IFlytek,
    /// Baidu.
    Baidu,
    /// whisper.cpp's JSON.
    WhisperCpp,
    /// JSON of OpenAI's API, of servers like it, and of Whisper's Python programs.
    OpenAi,
    /// Vosk's JSON, an object an utterance.
    Vosk,
    /// Amazon Transcribe Call Analytics, and Contact Lens for voice and chat.
    AwsCallAnalytics,
    /// Amazon Transcribe.
    AwsTranscribe,
    /// Google Cloud Speech-to-Text.
    Google,
    /// Azure AI Speech, batch and fast transcription.
    Azure,
    /// Deepgram.
    Deepgram,
    /// IBM Watson Speech to Text.
    Ibm,
    /// Speechmatics, old and new.
    Speechmatics,
    /// JSON of a Kaldi service: words, and segments with speakers.
    Kaldi,
    /// NIST's lines of timed words.
    Ctm,
    /// SubRip subtitles.
    Srt,
    /// WebVTT.
    Vtt,
}

impl Format {
    /// All formats, in the order in which they are tried.
    pub const ALL: [Self; 22] = [
        Self::Ours,
        Self::SenseVoice,
        Self::FunAsr,
        Self::Aliyun,
        Self::Tencent,
        Self::Huawei,
        Self::IFlytek,
        Self::Baidu,
        Self::WhisperCpp,
        Self::OpenAi,
        Self::Vosk,
        Self::AwsCallAnalytics,
        Self::AwsTranscribe,
        Self::Google,
        Self::Azure,
        Self::Deepgram,
        Self::Ibm,
        Self::Speechmatics,
        Self::Kaldi,
        Self::Ctm,
        Self::Srt,
        Self::Vtt,
    ];

    /// Its name for `--transcript-format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "callsift",
            Self::SenseVoice => "sensevoice",
            Self::FunAsr => "funasr",
            Self::Aliyun => "aliyun",
            Self::Tencent => "tencent",
            Self::Huawei => "huawei",
            Self::IFlytek => "iflytek",
            Self::Baidu => "baidu",
            Self::WhisperCpp => "whisper-cpp",
            Self::OpenAi => "openai",
            Self::Vosk => "vosk",
            Self::AwsCallAnalytics => "aws-call-analytics",
            Self::AwsTranscribe => "aws-transcribe",
            Self::Google => "google",
            Self::Azure => "azure",
            Self::Deepgram => "deepgram",
            Self::Ibm => "ibm",
            Self::Speechmatics => "speechmatics",
            Self::Kaldi => "kaldi",
            Self::Ctm => "ctm",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
