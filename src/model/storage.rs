//! Where recordings go, as a URI: `vod://`, `cos://bucket/path?region=`, `oss://bucket/prefix?endpoint=`,
//! `tos://bucket/dir`.

use std::fmt;
use std::str::FromStr;

/// Whose storage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageKind {
    /// The vendor's video-on-demand product; the bucket is its space, if any.
    Vod,
    /// Tencent's object storage.
    Cos,
    /// Aliyun's object storage.
    Oss,
    /// Volcengine's object storage.
    Tos,
}

impl StorageKind {
    const ALL: [(StorageKind, &str, &str); 4] = [
        (StorageKind::Vod, "vod", ""),
        (StorageKind::Cos, "cos", "region"),
        (StorageKind::Oss, "oss", "endpoint"),
        (StorageKind::Tos, "tos", ""),
    ];

    /// The scheme of its URIs.
    pub fn scheme(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, scheme, _)| scheme)
    }

    /// The name of the one query member that its URIs may have; empty for none.
    fn query(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., query)| query)
    }
}

/// A place for files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// Whose storage.
    pub kind: StorageKind,
    /// The bucket, or the space of `vod://`; empty where none is named.
    pub bucket: String,
    /// The folder or object prefix, without the slash before it; empty where none is named.
    pub path: String,
    /// `region` of `cos://`, `endpoint` of `oss://`.
    pub location: Option<String>,
}

impl FromStr for Storage {
    type Err = String;

    /// Reads a URI.
    ///
    /// # Errors
    /// The forms that there are.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let forms = "vod://, vod://SPACE, cos://BUCKET/PATH?region=REGION, oss://BUCKET/PREFIX?endpoint=HOST \
                     or tos://BUCKET/DIR";
        let refused = || forms.to_owned();
        let (scheme, rest) = text.split_once("://").ok_or_else(refused)?;
        let (kind, ..) = StorageKind::ALL
            .into_iter()
            .find(|(_, known, _)| known.eq_ignore_ascii_case(scheme))
            .ok_or_else(refused)?;
        let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
        let location = match query {
            None | Some("") => None,
            Some(query) => {
                let (name, value) = query.split_once('=').ok_or_else(refused)?;
                let known =
                    !kind.query().is_empty() && name == kind.query() && !value.is_empty() && !value.contains('&');
                Some(known.then(|| value.to_owned()).ok_or_else(refused)?)
            }
        };
        let (bucket, path) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() && (kind != StorageKind::Vod || !path.is_empty()) {
            return Err(refused());
        }
        Ok(Storage { kind, bucket: bucket.to_owned(), path: path.to_owned(), location })
    }
}

impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.kind.scheme(), self.bucket)?;
        if !self.path.is_empty() {
            write!(f, "/{}", self.path)?;
        }
        match &self.location {
            Some(location) => write!(f, "?{}={location}", self.kind.query()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written_back() {
        let place = |kind, bucket: &str, path: &str, location: Option<&str>| Storage {
            kind,
            bucket: bucket.to_owned(),
            path: path.to_owned(),
            location: location.map(str::to_owned),
        };
        for (text, expected) in [
            ("vod://", place(StorageKind::Vod, "", "", None)),
            ("vod://space", place(StorageKind::Vod, "space", "", None)),
            (
                "cos://bucket-125/live/a?region=ap-guangzhou",
                place(StorageKind::Cos, "bucket-125", "live/a", Some("ap-guangzhou")),
            ),
            (
                "oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com",
                place(StorageKind::Oss, "bucket", "rec", Some("oss-cn-shanghai.aliyuncs.com")),
            ),
            ("tos://bucket/dir", place(StorageKind::Tos, "bucket", "dir", None)),
        ] {
            let read: Storage = text.parse().unwrap();
            assert_eq!(read, expected);
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_storage_is_refused_with_the_forms() {
        for text in [
            "",
            "bucket",
            "s3://bucket",
            "oss://",
            "oss://b?region=x",
            "tos://b?endpoint=x",
            "vod:///a",
            "oss://b?endpoint=",
        ] {
            assert!(text.parse::<Storage>().unwrap_err().contains("oss://BUCKET"), "{text}");
        }
    }
}
