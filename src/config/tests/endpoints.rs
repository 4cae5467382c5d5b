use crate::config::check_endpoint;
use crate::error::Class;

#[test]
fn plain_http_is_for_loopback() {
    for endpoint in [
        "https://live.tencentcloudapi.com",
        "https://live.example.com:8443/",
        "HTTPS://10.0.0.1",
        "https://[2001:db8::1]:443",
        "http://127.0.0.1:8080",
        "http://127.255.255.254",
        "http://[::1]:8080/",
        "http://LocalHost:1",
    ] {
        assert_eq!(check_endpoint(endpoint), Ok(()), "{endpoint}");
    }
    for endpoint in [
        "",
        "live.example.com",
        "ftp://127.0.0.1",
        "http://live.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://128.0.0.1",
        "http://0.0.0.0:8080",
        "http://[::2]",
        "http://[fe80::1]",
        "http://127.0.0.1@example.com",
        "http://example.com\\@127.0.0.1",
        "http://127.0.0.1#@example.com",
        "http://127.1",
        "https://",
        "https:///path",
        "https://host/path",
        "https://host?x=1",
        "https://host:0",
        "https://host:65536",
        "https://host:+80",
        "https://ho st",
        "https://::1",
        "https://[::1]x",
    ] {
        assert_eq!(check_endpoint(endpoint).unwrap_err().class(), Class::Usage, "{endpoint}");
    }
    let error = check_endpoint("https://user:hush@host").unwrap_err();
    assert!(!format!("{error:?}").contains("hush"));
}
