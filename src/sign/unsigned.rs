//! Requests that vendors define without a signature: what stands in its place.

use jiff::Timestamp;

use super::aliyun_rpc::TIME_FORM;
use crate::error::Error;
use crate::model::{Request, Vendor};
use crate::sign::outgoing::Outgoing;
use crate::sign::{Forms, Signed};

pub(super) fn ready(request: Request, vendor: Vendor, at: Timestamp) -> Result<Signed, Error> {
    let mut outgoing = Outgoing::new(request, &["Authorization", "X-TC-Timestamp"])?;
    match vendor {
        Vendor::Tencent => {
            outgoing.push_header("X-TC-Timestamp", &at.as_second().to_string());
            outgoing.push_header("Authorization", "SKIP");
        }
        Vendor::Aliyun => {
            outgoing.refuse_parameters(&["Timestamp"])?;
            outgoing.push_query("Timestamp", &at.strftime(TIME_FORM).to_string());
        }
        Vendor::Volcengine => {}
    }
    Ok(outgoing.signed(Forms::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Method;

    fn of(vendor: Vendor) -> Signed {
        let request = Request {
            method: Method::Post,
            scheme: "https".to_owned(),
            host: "sts.example.com".to_owned(),
            path: "/".to_owned(),
            query: vec![("Action".to_owned(), "Assume It".to_owned())],
            headers: Vec::new(),
            body: b"a=b".to_vec(),
        };
        ready(request, vendor, "2026-05-01T12:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn each_vendor_has_its_own_in_the_place_of_a_signature() {
        let tencent = of(Vendor::Tencent);
        let headers: Vec<(&str, &str)> = tencent.headers().iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(headers, [("X-TC-Timestamp", "1777636800"), ("Authorization", "SKIP")]);
        let aliyun = of(Vendor::Aliyun);
        assert_eq!(aliyun.url(), "https://sts.example.com/?Action=Assume%20It&Timestamp=2026-05-01T12%3A00%3A00Z");
        let volcengine = of(Vendor::Volcengine);
        assert_eq!(volcengine.url(), "https://sts.example.com/?Action=Assume%20It");
        assert!(volcengine.headers().is_empty() && aliyun.headers().is_empty());
        assert_eq!(volcengine.body(), b"a=b");
    }
}
