use super::*;

fn sandbox(selection: Selection) -> Selection {
    Selection { sandbox: true, ..selection }
}

#[test]
fn a_profile_gives_only_a_name_and_a_vendor() {
    let file = "[profiles.p]\nvendor = \"volc\"\ncredential_process = [\"/no/such/program\"]\nregion = \"cn-beijing\"\n\
                endpoint = \"https://live.example.com\"\nread_only = true\n";
    let account = World::new().config(file).account(&sandbox(named(&["p"])));
    assert_eq!((account.vendor, account.profile.as_deref()), (Vendor::Volcengine, Some("p")));
    assert_eq!((account.credentials, account.region, account.endpoint), (None, None, None));
    assert!(!account.read_only);
}

#[test]
fn it_needs_a_vendor_from_somewhere() {
    let keys = World::new().var("TENCENTCLOUD_SECRET_ID", "K").var("TENCENTCLOUD_SECRET_KEY", "S");
    assert_told(keys.refusal(&sandbox(nothing_named())), Class::Usage, &["--vendor"]);
    let account = keys.account(&sandbox(of(Vendor::Aliyun)));
    assert_eq!((account.vendor, account.profile, account.credentials), (Vendor::Aliyun, None, None));
    let variable = Selection { env_vendor: Some(Vendor::Aliyun), ..Selection::default() };
    assert_eq!(World::new().account(&sandbox(variable)).vendor, Vendor::Aliyun);
    let default = World::new().config("default_profile = \"p\"\n[profiles.p]\nvendor = \"aliyun\"\n[profiles.q]\n");
    let account = default.account(&sandbox(nothing_named()));
    assert_eq!((account.vendor, account.profile.as_deref()), (Vendor::Aliyun, Some("p")));
    assert_eq!(default.account(&sandbox(of(Vendor::Tencent))).profile, None);
}

#[test]
fn the_same_rules_for_names_hold() {
    let world = World::new().config("[profiles.p]\nvendor = \"aliyun\"\n[profiles.q]\nvendor = \"tencent\"\n");
    assert_told(world.refusal(&sandbox(named(&["r"]))), Class::Usage, &["p, q"]);
    let against = Selection { vendor: Some(Vendor::Tencent), ..named(&["p"]) };
    assert_told(world.refusal(&sandbox(against)), Class::Usage, &["aliyun"]);
    assert_eq!(world.resolve(&sandbox(named(&["p", "q"]))).unwrap().accounts.len(), 2);
    let changing = Selection { changing: true, ..named(&["p", "q"]) };
    assert_told(world.refusal(&sandbox(changing)), Class::Usage, &["p, q"]);
}
