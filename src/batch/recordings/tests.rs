use super::*;
use std::fs;

/// A folder `in` with these files, each holding its own name, and one beside it.
fn site(files: &[&str]) -> (tempfile::TempDir, RecordingFolders) {
    let site = tempfile::tempdir().expect("a temporary folder");
    for name in files.iter().map(|name| format!("in/{name}")).chain(["outside.wav".to_owned()]) {
        let path = site.path().join(&name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, name.strip_prefix("in/").unwrap_or(&name)).expect("written");
    }
    let folders = RecordingFolders::at(&[site.path().join("in")]).expect("a folder");
    (site, folders)
}

/// Looks for `name` with the bytes and size of `holds`; returns where it was found, below `in`, or why it was not.
fn look(folders: &RecordingFolders, name: &str, holds: &str) -> Result<String, String> {
    let sha256 = crate::engine::sha256_hex(holds.as_bytes());
    let sought = Sought { name, sha256: &sha256, bytes: Some(holds.len() as i64) };
    let candidates = folders.candidates(&[sought]).remove(0);
    let (path, identity) = candidates.verified(&sought).map_err(|error| error.to_string())?;
    assert_eq!((identity.sha256, identity.bytes), (sha256, holds.len() as u64));
    Ok(slashed(path.strip_prefix(&folders.roots[0]).expect("inside")))
}

const PHONE: &str = "2026-11-20/13800138000_a.wav";

#[test]
fn a_name_is_found_as_it_is_then_masked_then_in_another_folder() {
    let (_site, folders) = site(&["a/b.wav", "c/b.wav", PHONE, "x/13900139000.wav"]);
    let shown = masked_id(PHONE);
    let of_day = masked_id("13800138000_a.wav");
    let of_year = masked_id("2026/x/13900139000.wav");
    assert!(shown.contains('█') && shown != format!("2026-11-20/{of_day}"), "{shown} {of_day}");
    let cases = [
        ("as it is", "a/b.wav", "a/b.wav", "a/b.wav"),
        ("masked", &shown, PHONE, PHONE),
        ("masked once more, as tables are", &mask_text(&shown), PHONE, PHONE),
        ("masked, inspected in its own folder", &of_day, PHONE, PHONE),
        ("masked, inspected from above", &of_year, "x/13900139000.wav", "x/13900139000.wav"),
        ("inspected from above", "2026/c/b.wav", "c/b.wav", "c/b.wav"),
        ("inspected below, among two of that name and size", "b.wav", "c/b.wav", "c/b.wav"),
        ("its own name, from a folder above", "../in/a/b.wav", "a/b.wav", "a/b.wav"),
    ];
    for (case, name, holds, place) in cases {
        assert_eq!(look(&folders, name, holds).as_deref(), Ok(place), "{case}: {name}");
    }
}

#[test]
fn what_is_not_there_or_not_the_same_is_told() {
    let (_site, folders) = site(&["a.wav", PHONE]);
    let cases = [
        ("gone", "b.wav".to_owned(), "b.wav", "is not below the folder"),
        ("no name", String::new(), "x", "is not below the folder"),
        ("a folder", "2026-11-20".to_owned(), "x", "is not below the folder"),
        ("changed", "a.wav".to_owned(), "A.wav", "is not the recording that was inspected"),
        ("longer", "a.wav".to_owned(), "a.wav and more", "is not the recording that was inspected"),
        ("changed under a masked name", masked_id(PHONE), "x", "is not the recording that was inspected"),
        ("another number", masked_id("2026-11-20/13800138001_a.wav"), "x", "is not below the folder"),
    ];
    for (case, name, holds, why) in cases {
        let error = look(&folders, &name, holds).expect_err(case);
        assert!(error.contains(why) && error.starts_with(&name), "{case}: {error}");
        assert!(!error.contains("13800138000"), "{case}: {error}");
    }
}

#[test]
fn no_name_leads_out() {
    let (site, folders) = site(&["a/b.wav"]);
    let outside = site.path().join("outside.wav");
    let names = [
        "../outside.wav",
        "a/../../outside.wav",
        "/outside.wav",
        outside.to_str().expect("UTF-8"),
        "./../outside.wav",
        "..",
    ];
    for name in names {
        let error = look(&folders, name, "outside.wav").expect_err(name);
        assert!(error.contains("leads out of the folder"), "{name}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn no_link_leads_out() {
    use std::os::unix::fs::symlink;
    let (site, folders) = site(&["a/b.wav"]);
    let root = site.path().join("in");
    symlink(site.path().join("outside.wav"), root.join("link.wav")).expect("linked");
    symlink(site.path(), root.join("up")).expect("linked");
    symlink(root.join("a/b.wav"), root.join("inside.wav")).expect("linked");
    symlink(site.path().join("outside.wav"), root.join("13800138000.wav")).expect("linked");
    for name in ["link.wav", "up/outside.wav"] {
        let error = look(&folders, name, "outside.wav").expect_err(name);
        assert!(error.contains("leads out of the folder"), "{name}: {error}");
    }
    let masked = masked_id("13800138000.wav");
    assert!(look(&folders, &masked, "outside.wav").expect_err("outside").contains("is not below the folder"));
    assert_eq!(
        look(&folders, "inside.wav", "a/b.wav").as_deref(),
        Ok("a/b.wav"),
        "a link inside is as good as the file"
    );
}

#[test]
fn every_folder_is_looked_through() {
    let (one, _) = site(&["a.wav", "b.wav"]);
    let (other, _) = site(&["a.wav", "c.wav"]);
    fs::write(other.path().join("in/a.wav"), "b.wav").expect("written");
    let folders = RecordingFolders::at(&[one.path().join("in"), other.path().join("in")]).expect("folders");
    let sha256 = crate::engine::sha256_hex(b"b.wav");
    let sought = Sought { name: "a.wav", sha256: &sha256, bytes: None };
    let candidates = folders.candidates(&[sought]).remove(0);
    let (path, _) = candidates.verified(&sought).expect("in the second folder");
    assert!(path.starts_with(other.path().canonicalize().expect("there")), "the bytes decide");
    let (place, _) = RecordingFolders::at(&[one.path().join("nowhere")]).expect_err("not there");
    assert!(place.ends_with("nowhere"));
}
