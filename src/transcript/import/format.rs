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
}

impl Format {
    /// All formats, in the order in which they are tried.
    pub const ALL: [Self; 8] = [
        Self::Ours,
        Self::SenseVoice,
        Self::FunAsr,
        Self::Aliyun,
        Self::Tencent,
        Self::Huawei,
        Self::IFlytek,
        Self::Baidu,
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
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
