//! The whole tree of commands, with every branch built, held against the facts and the table of homes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use clap::{Arg, ArgAction, Command};
use livectl::cli::{self, Part};
use livectl::model::Vendor;
use livectl::providers::{catalog, homes, paging, validate};

use crate::harness::World;

/// Most lines of the help of a noun or sub-noun: what fits a screen.
const MOST_LINES: usize = 40;

/// Every command of the tree, from the root down, with its help as wide as a terminal of so many columns.
pub fn every_command(width: usize) -> Vec<(Vec<String>, Command)> {
    let mut root = cli::tree(Part::Whole).term_width(width);
    root.build();
    let mut found = Vec::new();
    let mut waiting = vec![(Vec::new(), root)];
    while let Some((words, command)) = waiting.pop() {
        for child in command.get_subcommands().filter(|child| words.is_empty() || child.get_name() != "help") {
            let mut deeper: Vec<String> = words.clone();
            deeper.push(child.get_name().to_owned());
            waiting.push((deeper, child.clone()));
        }
        found.push((words, command));
    }
    found
}

/// The commands that take options, by their words with blanks between.
fn leaves() -> BTreeMap<String, Command> {
    let leaves = every_command(100).into_iter().filter(|(_, command)| !command.has_subcommands());
    leaves.map(|(words, command)| (words.join(" "), command)).collect()
}

/// The commands that grew from the facts whole, with no option written by hand.
pub fn grown_commands() -> &'static BTreeSet<String> {
    static GROWN: OnceLock<BTreeSet<String>> = OnceLock::new();
    GROWN.get_or_init(|| {
        let by_hand = |arg: &Arg| !arg.is_global_set() && !arg.get_id().as_str().starts_with(['+', '=']);
        let whole = |command: &Command| !command.get_arguments().any(|arg| by_hand(arg) && arg.get_id() != "help");
        leaves().into_iter().filter(|(_, command)| whole(command)).map(|(path, _)| path).collect()
    })
}

/// The long names of an option, hidden ones too.
fn names(arg: &Arg) -> Vec<String> {
    let aliases = arg.get_all_aliases().unwrap_or_default();
    arg.get_long().into_iter().chain(aliases).map(str::to_owned).collect()
}

#[test]
fn no_two_options_of_a_command_have_one_name() {
    for (path, command) in leaves() {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for arg in command.get_arguments() {
            for name in names(arg) {
                let before = seen.insert(name.clone(), arg.get_id().to_string());
                assert_eq!(before, None, "{path} --{name}: {}", arg.get_id());
            }
        }
    }
}

#[test]
fn what_is_given_in_its_place_cannot_be_mistaken() {
    for (path, command) in leaves() {
        let places: Vec<&Arg> = command.get_positionals().collect();
        for (at, arg) in places.iter().enumerate() {
            let many = arg.get_num_args().is_some_and(|range| range.max_values() > 1)
                || matches!(arg.get_action(), ArgAction::Append) && arg.get_num_args().is_none();
            assert!(!many || at + 1 == places.len(), "{path}: something follows {}", arg.get_id());
        }
        let required: Vec<bool> = places.iter().map(|arg| arg.is_required_set()).collect();
        assert!(required.windows(2).all(|pair| pair[0] || !pair[1]), "{path}: a required one follows an optional one");
    }
}

#[test]
fn every_parameter_is_an_option_under_the_name_that_describe_tells() {
    let leaves = leaves();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor) {
            let Some(path) = homes::command(vendor, action.name) else { continue };
            let Some(command) = leaves.get(path) else {
                wrong.push(format!("{vendor} {}: no command `{path}`", action.name));
                continue;
            };
            for param in &action.params {
                seen += 1;
                let option = homes::option(vendor, action.name, param.name);
                let place = homes::argument(vendor, action.name, param.name);
                let Some(arg) = command.get_arguments().find(|arg| names(arg).iter().any(|name| option[2..] == **name))
                else {
                    wrong.push(format!("{path}: {option} of {} {} is missing", action.name, param.name));
                    continue;
                };
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                // What is written by hand may read or look up what the vendor requires, and says what it cannot.
                let by_hand = !grown_commands().contains(path);
                let marked = by_hand || help.contains("required") || !place.starts_with("--");
                let in_force = validate::amended(vendor, action.name, param);
                // A list turns its pages itself.
                let pages = paging::turns_pages(vendor, &action, param.name);
                if in_force.required && !marked && !pages {
                    wrong.push(format!("{path}: {option} of {} is required, and not marked: {help}", action.name));
                }
            }
        }
    }
    assert_eq!(wrong.join("\n"), "");
    assert!(seen > 1000, "the walk lost its parameters: {seen}");
}

#[test]
fn every_command_says_in_one_line_what_it_does() {
    for (words, command) in every_command(100).into_iter().filter(|(words, _)| !words.is_empty()) {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty(), "{words:?} does not say what it does");
        assert!(!about.ends_with(['.', ';', ',']) && !about.contains('\n'), "{words:?}: {about}");
        assert!(about.starts_with(|first: char| !first.is_lowercase()), "{words:?}: {about}");
        assert!(about.chars().count() <= 140, "{words:?}: {about}");
    }
}

#[test]
fn the_help_of_a_noun_fits_a_screen() {
    for width in [80, 100] {
        for (words, mut command) in every_command(width) {
            if words.is_empty() || !command.has_subcommands() {
                continue;
            }
            for help in [command.render_help(), command.render_long_help()] {
                let help = help.to_string();
                let lines = help.lines().count();
                assert!(lines <= MOST_LINES, "{words:?} at {width} columns: {lines} lines\n{help}");
                assert!(help.lines().all(|line| line.chars().count() <= width), "{words:?} at {width}\n{help}");
            }
        }
    }
}

#[test]
fn every_example_of_a_vendor_command_is_accepted() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.write("play.pem", "-----BEGIN CERTIFICATE-----\n");
    world.write("play.key", "-----BEGIN PRIVATE KEY-----\n");
    world.write("key.txt", "0123456789abcdef\n");
    world.write("cert.json", "{\"Pubkey\": \"-----BEGIN\", \"Prikey\": \"-----BEGIN\"}");
    world.write("keys.json", "[{\"AuthType\": \"a\", \"EncryptionAlgorithm\": \"md5\", \"SecretKey\": \"k\"}]");
    for domain in ["play.example.com --type play", "push.example.com --type push"] {
        world.run(&format!("domain add {domain} --vendor tencent -q")).ok();
    }
    let commands = homes::commands_with_examples();
    assert!(commands.len() >= 40, "{}", commands.len());
    let mut wrong = Vec::new();
    for command in commands {
        assert!(homes::is_command(command), "{command} is no command");
        for (named, rest) in homes::examples(command) {
            let having = |vendor: &Vendor| named.is_none_or(|named| named == *vendor);
            let able = |vendor: &Vendor| homes::action_at(*vendor, command).is_some();
            let vendors: Vec<Vendor> = Vendor::ALL.into_iter().filter(having).filter(able).collect();
            assert!(!vendors.is_empty(), "{command} {rest}: no vendor has it");
            for vendor in vendors {
                let line = format!("livectl --vendor {vendor} --dry-run {command} {rest}");
                let output = world.command("sh").args(["-euc", &line]).output().unwrap();
                if !output.status.success() {
                    wrong.push(format!("{line}\n{}", String::from_utf8_lossy(&output.stderr)));
                }
            }
            assert_example_is_shown(command, rest);
        }
    }
    assert_eq!(wrong.join("\n"), "");
}

/// The help of a command shows an example, on lines that a narrow terminal does not break.
fn assert_example_is_shown(command: &str, rest: &str) {
    let help = World::empty().set("COLUMNS", "80").run(&format!("{command} -h")).ok().stdout;
    let (_, shown) = help.split_once("Example").unwrap_or_else(|| panic!("no example: {help}"));
    let words = |text: &str| text.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
    let line = words(&format!("livectl {command} {rest}"));
    assert!(words(shown).contains(&line), "{line}\n{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn example_lines_fit_a_narrow_terminal() {
    let mut seen = 0;
    for (path, command) in leaves() {
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        for line in after.lines().filter(|line| line.starts_with("  ")) {
            seen += 1;
            assert!(line.chars().count() <= 80, "{path}: {line}");
        }
    }
    assert!(seen > 150, "the walk lost its examples: {seen}");
}

#[test]
fn every_documented_action_has_a_command_of_its_own() {
    let listed = World::empty().run("api list -o json").ok().json();
    let mut owners = BTreeMap::new();
    for row in listed.as_array().unwrap() {
        let home = &row["command"];
        assert!(!home.is_null() || row["documented"] != true, "{row} has no command");
        if !home.is_null() {
            let other = owners.insert((row["vendor"].to_string(), home.to_string()), row["action"].clone());
            assert_eq!(other, None, "{row}");
        }
    }
    assert!(owners.len() >= 249, "{}", owners.len());
}

#[test]
fn what_changes_something_may_be_done_for_many() {
    let by_hand = [
        ("record add", true),
        ("callback set", true),
        ("stream drop", true),
        ("auth play-key set", true),
        ("domain config delete", true),
        ("hls-key rotate", true),
        ("api tencent", true),
        ("api list", false),
        ("record show", false),
        ("callback decode", false),
        ("timeshift url", false),
        ("wait domain", false),
        ("config set", false),
        ("sandbox publish", false),
    ];
    for (path, command) in leaves() {
        let takes = command.get_arguments().any(|arg| arg.get_long() == Some("from-file"));
        let mut effects = homes::effects(&path).peekable();
        if effects.peek().is_some() {
            assert_eq!(takes, effects.any(|effect| effect != livectl::model::Effect::Read), "{path}");
        }
        if let Some((_, expected)) = by_hand.iter().find(|(known, _)| *known == path) {
            assert_eq!(takes, *expected, "{path}");
        }
    }
    assert!(by_hand.iter().all(|(path, _)| leaves().contains_key(*path)));
}
