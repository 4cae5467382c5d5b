//! The three vendors.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A cloud whose live product livectl speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// Tencent Cloud CSS.
    Tencent,
    /// Alibaba Cloud (Aliyun) ApsaraVideo Live.
    Aliyun,
    /// Volcengine Live.
    Volcengine,
}

impl Vendor {
    /// Every vendor, in the order of all tables.
    pub const ALL: [Vendor; 3] = [Vendor::Tencent, Vendor::Aliyun, Vendor::Volcengine];

    /// The word a user types and every output shows.
    pub const fn name(self) -> &'static str {
        match self {
            Vendor::Tencent => "tencent",
            Vendor::Aliyun => "aliyun",
            Vendor::Volcengine => "volcengine",
        }
    }

    /// The API version that the facts describe.
    pub const fn api_version(self) -> &'static str {
        match self {
            Vendor::Tencent => "2018-08-01",
            Vendor::Aliyun => "2016-11-01",
            Vendor::Volcengine => "2023-01-01",
        }
    }

    /// Other words that are accepted for the vendor.
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Vendor::Tencent => &["qcloud"],
            Vendor::Aliyun => &["alibaba", "alicloud"],
            Vendor::Volcengine => &["volc"],
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Vendor {
    type Err = String;

    /// Parses a vendor's name or alias.
    ///
    /// # Errors
    /// A sentence that lists the names when the word is none of them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Vendor::ALL
            .into_iter()
            .find(|vendor| vendor.name() == text || vendor.aliases().contains(&text))
            .ok_or_else(|| format!("`{text}` is no vendor: use tencent, aliyun or volcengine"))
    }
}
