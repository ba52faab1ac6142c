//! AWS's files of profiles: `[name]` or `[profile name]`, then lines of `key = value`.

/// What the files say of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) access_key_id: Option<String>,
    pub(super) secret_access_key: Option<String>,
    pub(super) session_token: Option<String>,
    pub(super) region: Option<String>,
    pub(super) endpoint_url: Option<String>,
}

impl Profile {
    /// Takes over what `other` says; credentials whole, since a token belongs to its key.
    pub(super) fn fill(&mut self, other: Self) {
        if other.access_key_id.is_some() {
            self.access_key_id = other.access_key_id;
            self.secret_access_key = other.secret_access_key;
            self.session_token = other.session_token;
        }
        self.region = other.region.or(self.region.take());
        self.endpoint_url = other.endpoint_url.or(self.endpoint_url.take());
    }
}

/// What `file` says of the profile `name`.
pub(super) fn read_profile(file: &str, name: &str) -> Profile {
    let mut profile = Profile::default();
    let mut is_meant = false;
    // What is indented belongs to a setting that has settings of its own.
    for line in file.lines().filter(|line| !line.starts_with([' ', '\t', '#', ';'])) {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let section = section.trim();
            is_meant = section.strip_prefix("profile ").map_or(section, str::trim) == name;
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| is_meant) else { continue };
        let place = match key.trim() {
            "aws_access_key_id" => &mut profile.access_key_id,
            "aws_secret_access_key" => &mut profile.secret_access_key,
            "aws_session_token" => &mut profile.session_token,
            "region" => &mut profile.region,
            "endpoint_url" => &mut profile.endpoint_url,
            _ => continue,
        };
        *place = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_from_both_files() {
        let config = "[default]\nregion = eu-west-1\n[profile bank]\nregion=cn-north-1\nendpoint_url = http://store:9000\n\
                      s3 =\n  region = none\n";
        let credentials = "# ours\n[bank]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key=a=b\n[other]\n\
                           aws_session_token = t\n";
        let mut bank = read_profile(config, "bank");
        bank.fill(read_profile(credentials, "bank"));
        let text = |text: &str| Some(text.to_owned());
        let expected = Profile {
            access_key_id: text("AKIDEXAMPLE"),
            secret_access_key: text("a=b"),
            session_token: None,
            region: text("cn-north-1"),
            endpoint_url: text("http://store:9000"),
        };
        assert_eq!(bank, expected);
        assert_eq!(read_profile(config, "default").region, text("eu-west-1"));
        assert_eq!(read_profile(credentials, "gone"), Profile::default());
    }
}
