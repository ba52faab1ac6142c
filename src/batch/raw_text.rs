//! What was said, unmasked: kept on request, in a folder of its own, apart from every dataset.

use crate::storage::{Folder, StorageError};
use crate::transcript::Transcript;
use serde::Serialize;
use std::path::Path;

/// A folder of raw texts: a file for each call, which only the owner of the folder may read.
#[derive(Debug)]
pub struct RawText {
    folder: Folder,
}

#[derive(Serialize)]
struct Call<'a> {
    call_id: &'a str,
    turns: Vec<Turn<'a>>,
}

#[derive(Serialize)]
struct Turn<'a> {
    turn: usize,
    text: &'a str,
}

impl RawText {
    /// The folder `root`, made for its owner alone where it is not there.
    ///
    /// # Errors
    /// It cannot be made, or others may read it.
    pub fn at(root: &Path) -> Result<Self, StorageError> {
        Ok(Self { folder: Folder::of_owner(root)? })
    }

    /// The folder `root`, as it is.
    ///
    /// # Errors
    /// It is not there.
    pub fn existing(root: &Path) -> Result<Self, StorageError> {
        let folder = Folder::at(root)?;
        folder.must_be_there()?;
        Ok(Self { folder })
    }

    /// Keeps what was said in the call, over what was kept of it before. Turns are numbered as in `turns.turn`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, call_id: &str, transcript: &Transcript) -> Result<(), StorageError> {
        let utterances = transcript.in_order();
        let turns =
            utterances.iter().enumerate().map(|(turn, utterance)| Turn { turn, text: &utterance.text }).collect();
        let json = serde_json::to_vec(&Call { call_id, turns }).expect("text and numbers are always JSON");
        let (shelf, name) = name(call_id);
        self.folder.create_folder(&shelf)?;
        self.folder.replace(&format!("{shelf}/{name}.json"), &json, &format!("{shelf}/{name}.draft"))
    }

    /// Removes what was kept of these calls, also by a run that died; says of how many there was anything.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn forget<'a>(&self, calls: impl IntoIterator<Item = &'a String>) -> Result<usize, StorageError> {
        let mut removed = 0;
        for call_id in calls {
            let (shelf, name) = name(call_id);
            for path in ["json", "draft"].map(|ending| format!("{shelf}/{name}.{ending}")) {
                removed += usize::from(self.folder.size(&path)?.is_some());
                self.folder.remove(&path)?;
            }
        }
        Ok(removed)
    }
}

/// Where a call's text is kept, below the folder: ids may hold anything, so names are hashes of them.
fn name(call_id: &str) -> (String, String) {
    let hash = blake3::hash(call_id.as_bytes()).to_hex();
    (hash[..2].to_owned(), hash[..32].to_owned())
}
