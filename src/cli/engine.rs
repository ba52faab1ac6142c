//! The speech engine that flags and a file of configuration ask for.

use super::args::{CacheArgs, EngineArgs};
use super::load::{print_line, print_mistakes, print_warning};
use crate::engine::http::Http;
use crate::engine::sherpa::{Sherpa, SherpaOptions};
use crate::engine::{Cache, Command, EngineConfig, EngineError, EngineName, Listener, Live, Saved, SpeechEngine};
use std::path::{Path, PathBuf};

/// The most bytes of a file of configuration.
const MOST_BYTES: u64 = 1 << 20;

/// An engine, and what its answers depend on.
pub(super) struct Engine {
    pub(super) engine: Box<dyn SpeechEngine>,
    /// What tells its answers from others'; none where it hears nothing.
    pub(super) identity: Option<String>,
}

/// The engine, or `None` when what is wrong with it has been printed.
pub(super) fn engine(args: &EngineArgs, cache: &CacheArgs, default_language: Option<&str>) -> Option<Engine> {
    let config = config(args, default_language)?;
    let saved = Saved { format: config.format };
    if config.engine.is_none() && args.engine_config.is_none() {
        return Some(Engine { engine: Box::new(saved), identity: None });
    }
    let name = named(&config)?;
    let listener = listener(name, &config)?;
    let cache = if cache.no_transcript_cache { None } else { Some(open_cache(cache)?) };
    let live = Live::new(listener, cache, saved, config.language);
    Some(Engine { identity: Some(live.options().to_owned()), engine: Box::new(live) })
}

/// What flags and file say, of which `--language` is one; `None` when what is wrong has been printed.
pub(super) fn config(args: &EngineArgs, language: Option<&str>) -> Option<EngineConfig> {
    let flags = EngineConfig { language: language.map(str::to_owned), ..args.config() };
    let Some(path) = &args.engine_config else { return Some(flags) };
    let text = read(path).map_err(|why| print_line(&format!("--engine-config {}: {why}", path.display()))).ok()?;
    let file = EngineConfig::read(&path.to_string_lossy(), &text).map_err(|mistakes| print_mistakes(&mistakes)).ok()?;
    Some(flags.or(file))
}

/// Which engine hears; `None` when it has been printed that nobody says.
pub(super) fn named(config: &EngineConfig) -> Option<EngineName> {
    if config.engine.is_none() {
        print_line("which engine? give --engine, --command, --engine-url or --engine-config");
    }
    config.engine
}

/// The engine that hears; `None` when what is wrong has been printed.
pub(super) fn listener(name: EngineName, config: &EngineConfig) -> Option<Box<dyn Listener>> {
    match name {
        EngineName::Command => {
            let options =
                config.command_options().map_err(|why| print_line(&format!("--engine command: {why}"))).ok()?;
            Some(Box::new(Command::new(options)))
        }
        EngineName::Http => {
            let http = config.http_options().and_then(|options| Http::new(options).map_err(|error| error.message));
            Some(Box::new(http.map_err(|why| print_line(&format!("--engine http: {why}"))).ok()?))
        }
        EngineName::Sherpa => {
            let options = config.sherpa_options();
            let sherpa = options.and_then(|options| sherpa(options).map_err(|error| error.message));
            Some(Box::new(sherpa.map_err(|why| print_line(&format!("--engine sherpa: {why}"))).ok()?))
        }
    }
}

fn sherpa(options: SherpaOptions) -> Result<Sherpa, EngineError> {
    let program = std::env::current_exe()
        .map_err(|error| EngineError::new("engine_not_started", format!("callsift cannot be found: {error}"), true))?;
    let sherpa = Sherpa::start(options, &program)?;
    sherpa.warnings().iter().for_each(|warning| print_warning(&format!("warning: {warning}")));
    Ok(sherpa)
}

/// The cache of transcripts, without what is too old; `None` when what is wrong with it has been printed.
pub(super) fn open_cache(args: &CacheArgs) -> Option<Cache> {
    let Some(root) = args.transcript_cache.clone().or_else(users_cache) else {
        print_line("no folder for transcripts: HOME is not set; give --transcript-cache or --no-transcript-cache");
        return None;
    };
    let opened = Cache::at(&root).and_then(|cache| {
        if let Some(age) = args.transcript_cache_age {
            cache.sweep(age)?;
        }
        Ok(cache)
    });
    opened.map_err(|error| print_line(&format!("--transcript-cache {}: {error}", root.display()))).ok()
}

/// Where users' caches are: `XDG_CACHE_HOME`, else `~/.cache`.
pub(super) fn users_cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    Some(caches.join("callsift/transcripts"))
}

fn read(path: &Path) -> Result<String, String> {
    use std::io::Read;
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| error.kind().to_string())?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|error| error.kind().to_string())?;
    let is_whole = text.len() as u64 <= MOST_BYTES;
    is_whole.then_some(text).ok_or_else(|| format!("over {MOST_BYTES} bytes; is it another file?"))
}
