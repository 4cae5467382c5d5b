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
