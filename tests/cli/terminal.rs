//! A terminal of a test's own: what is shown is read, what a person would type is typed.

use std::io::{Read, Write};
use std::process::Child;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

use crate::harness::{PROGRAM, World};

/// A machine under load takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// One run of the program at a terminal.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    bytes: Receiver<Vec<u8>>,
    /// All that was shown so far.
    shown: Vec<u8>,
    /// So much of it has been waited for.
    seen: usize,
}

/// A run that has ended.
pub struct Ended {
    /// All that was shown, with the sequences that move and colour.
    pub shown: String,
    pub code: i32,
    /// Whether the terminal shows again what is typed, and gives it line by line.
    pub as_before: bool,
}

impl Terminal {
    /// Starts a command line at a terminal of so many columns.
    pub fn start(world: &World, line: &str, columns: u16) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(24, columns)).unwrap();
        let prepared = world.command(PROGRAM);
        let variables: Vec<_> = prepared.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
        let child = Command::new(PROGRAM)
            .args(line.split_whitespace())
            .env_clear()
            .envs(variables)
            .env("TERM", "xterm-256color")
            .current_dir(world.home())
            .spawn(pts)
            .unwrap();
        let pty = Arc::new(pty);
        let (sender, bytes) = channel();
        let reader = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // An error is the end: nobody holds the other side any more.
            while let Ok(count @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal { pty, child, bytes, shown: Vec::new(), seen: 0 }
    }

    fn echoes(&self) -> bool {
        tcgetattr(&*self.pty).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Takes in what is shown within a moment; false at the end.
    fn listen(&mut self) -> bool {
        match self.bytes.recv_timeout(Duration::from_millis(10)) {
            Ok(bytes) => self.shown.extend(bytes),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        true
    }

    /// Waits until a text is shown after what was waited for before, and somebody reads keys without showing them.
    #[track_caller]
    pub fn asks(&mut self, text: &str) -> &mut Self {
        let until = Instant::now() + PATIENCE;
        loop {
            let found = self.shown[self.seen..].windows(text.len()).position(|part| part == text.as_bytes());
            if let Some(at) = found
                && !self.echoes()
            {
                self.seen += at + text.len();
                return self;
            }
            let alive = self.listen();
            let shown = String::from_utf8_lossy(&self.shown);
            assert!(alive && Instant::now() < until, "`{text}` is not asked: {shown:?}");
        }
    }

    /// Waits until a text is shown after what was waited for before.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        let until = Instant::now() + PATIENCE;
        loop {
            let found = self.shown[self.seen..].windows(text.len()).position(|part| part == text.as_bytes());
            if let Some(at) = found {
                self.seen += at + text.len();
                return self;
            }
            let alive = self.listen();
            let shown = String::from_utf8_lossy(&self.shown);
            assert!(alive && Instant::now() < until, "`{text}` is not shown: {shown:?}");
        }
    }

    /// Types.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Sends a signal to the program, and to nobody else.
    pub fn signal(&mut self, name: &str) -> &mut Self {
        let line = [format!("-{name}"), self.child.id().to_string()];
        assert!(std::process::Command::new("kill").args(line).status().unwrap().success());
        self
    }

    /// Waits for the end.
    #[track_caller]
    pub fn ends(mut self) -> Ended {
        let until = Instant::now() + PATIENCE;
        while self.listen() {
            assert!(Instant::now() < until, "it does not end: {:?}", String::from_utf8_lossy(&self.shown));
        }
        let modes = tcgetattr(&*self.pty).unwrap().local_modes;
        let as_before = modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        Ended { shown: String::from_utf8_lossy(&self.shown).into_owned(), code, as_before }
    }
}

impl Ended {
    /// The run, which must have ended so, and left the terminal as it was.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{:?}", self.shown);
        assert!(self.as_before, "{:?}", self.shown);
        let (hidden, back) = (self.shown.rfind("\x1b[?25l"), self.shown.rfind("\x1b[?25h"));
        assert!(hidden <= back, "the cursor stays hidden: {:?}", self.shown);
        self
    }

    /// Whether something of it was coloured.
    pub fn is_colored(&self) -> bool {
        let mut parts = self.shown.split("\x1b[").skip(1);
        parts.any(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m'))
    }

    /// The text without what moves and colours.
    pub fn text(&self) -> String {
        let mut parts = self.shown.split("\x1b[");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let rest = part.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            text + rest.get(1..).unwrap_or_default()
        })
    }
}
