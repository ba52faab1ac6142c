//! Embeds the shipped packs and lists. A macro that includes a folder would not notice new files in it.

#![expect(clippy::disallowed_methods, reason = "a build script works on files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut code = String::from("pub(super) const FILES: &[(&str, &str)] = &[\n");
    println!("cargo:rerun-if-changed=build.rs");
    for folder in ["lexicons", "rules"] {
        println!("cargo:rerun-if-changed={folder}");
        for file in files(&root.join(folder))? {
            let shown = file.strip_prefix(&root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
            let absolute = file.to_string_lossy();
            writeln!(code, "    ({shown:?}, include_str!({absolute:?})),").map_err(io::Error::other)?;
        }
    }
    code.push_str("];\n");
    fs::write(out.join("shipped.rs"), code)?;
    find_libraries();
    Ok(())
}

/// Has the binary find the engine sherpa's libraries where they were found now, or beside itself: what their own crate says of that
/// reaches only its own binaries.
fn find_libraries() {
    println!("cargo:rerun-if-env-changed=SHERPA_ONNX_LIB_DIR");
    let system = env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if env::var_os("CARGO_FEATURE_SHERPA").is_none() || !matches!(system.as_str(), "linux" | "macos") {
        return;
    }
    let beside = if system == "macos" { "@loader_path" } else { "$ORIGIN" };
    println!("cargo:rustc-link-arg=-Wl,-rpath,{beside}");
    if let Some(folder) = env::var_os("SHERPA_ONNX_LIB_DIR") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", Path::new(&folder).display());
    }
}

/// The `.toml` files under `folder`, sorted; none where there is no such folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else if entry.extension().is_some_and(|extension| extension == "toml") {
            found.push(entry);
        }
    }
    Ok(found)
}
