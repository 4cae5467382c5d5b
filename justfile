# What a contributor types.

# everything CI runs
ci:
    bash .ci/run

test:
    cargo test

lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# accept changed snapshots after looking at them
accept:
    INSTA_UPDATE=always cargo test --test cli

# look for inputs that break a target (the names in fuzz/targets); wants nightly and cargo-fuzz
fuzz target seconds="120":
    mkdir -p fuzz/corpus/{{target}}
    ASAN_OPTIONS=detect_stack_use_after_return=0 cargo +nightly fuzz run {{target}} fuzz/corpus/{{target}} fuzz/seeds/{{target}} -- \
        -max_total_time={{seconds}} -max_len=8192 -timeout=10 -rss_limit_mb=2048

# measures everything, and writes the figures into docs/performance.md and the README
bench:
    benches/run measure --write
    benches/run growth --write

# the figures that CI holds: instructions, memory, size
gate:
    benches/run gate

# which functions stand together in the program, after a larger change or with a new compiler: `just gate` tells by the memory
order:
    benches/run order

# what may be in the tree, by cargo-deny: licences, bans, sources, and its database of advisories
deny:
    command -v cargo-deny > /dev/null || cargo install --locked cargo-deny
    cargo deny --all-features check

# the manual pages, into a folder
man folder="target/man":
    cargo run --quiet --locked --package livectl-packaging -- {{folder}}

# the Debian package of the release build, into a folder
deb folder="target":
    packaging/deb "$(packaging/release)" {{folder}}

# what is shipped: the release, and its package installed, tried, removed
shipped:
    packaging/check

# the release built twice, in two folders: the same bytes
same-bytes:
    packaging/check twice
