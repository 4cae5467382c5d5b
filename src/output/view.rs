//! A view that is drawn anew in its place, on a terminal's second screen: what stood on the first one is there again
//! once the view is closed.

use std::io::Write;

use super::error::write_failed;
use crate::error::Error;

/// To the second screen, without the cursor.
const OPEN: &str = "\x1b[?1049h\x1b[?25l";
/// Back, with the cursor.
const CLOSE: &str = "\x1b[?25h\x1b[?1049l";
/// To the first place, with nothing behind it.
const CLEAR: &str = "\x1b[H\x1b[J";

/// What a terminal reads as no key (`_POSIX_VDISABLE`).
#[cfg(unix)]
const NO_KEY: u8 = if cfg!(target_os = "linux") { 0 } else { 0xff };

/// A view that is open; dropping it closes it.
pub struct View<W: Write> {
    writer: W,
}

impl<W: Write> View<W> {
    /// Opens a view.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn open(writer: W) -> Result<Self, Error> {
        let mut view = View { writer };
        view.write(OPEN).map(|()| view)
    }

    /// Draws lines in the place of those before. They are no wider than the terminal, and no more than it has.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn draw(&mut self, lines: &[String]) -> Result<(), Error> {
        // In one piece, so that nobody sees the screen empty.
        self.write(&format!("{CLEAR}{}", lines.join("\r\n")))
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush()).map_err(write_failed)
    }
}

impl<W: Write> Drop for View<W> {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing.
        let _ = self.write(CLOSE);
    }
}

/// While this lives, the terminal of stdout does not show what is typed, an interrupt drops nothing that was written (else
/// the sequence that closes a view can be among what is dropped), and no key stops the program in the middle of a view, or
/// ends it without closing that.
pub struct Undisturbed {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Undisturbed {
    /// From here on. Where stdout is no terminal, or none that has modes, nothing changes.
    pub fn begin() -> Self {
        #[cfg(unix)]
        {
            use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
            let before = tcgetattr(std::io::stdout()).ok();
            if let Some(mut modes) = before.clone() {
                modes.local_modes.remove(LocalModes::ECHO);
                modes.local_modes.insert(LocalModes::NOFLSH);
                for key in [SpecialCodeIndex::VSUSP, SpecialCodeIndex::VQUIT] {
                    modes.special_codes[key] = NO_KEY;
                }
                // Without them the view is no worse than a long list.
                let _ = tcsetattr(std::io::stdout(), OptionalActions::Now, &modes);
            }
            Undisturbed { before }
        }
        #[cfg(not(unix))]
        Undisturbed {}
    }
}

impl Drop for Undisturbed {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(modes) = &self.before {
            use rustix::termios::{OptionalActions, tcsetattr};
            // A terminal that is gone needs nothing.
            let _ = tcsetattr(std::io::stdout(), OptionalActions::Now, modes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_picture_takes_the_place_of_the_one_before_and_the_terminal_is_left_as_it_was() {
        let mut shown = Vec::new();
        {
            let mut view = View::open(&mut shown).unwrap();
            view.draw(&["one".to_owned(), "two".to_owned()]).unwrap();
            view.draw(&["three".to_owned()]).unwrap();
        }
        let expected = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[Jone\r\ntwo\x1b[H\x1b[Jthree\x1b[?25h\x1b[?1049l";
        assert_eq!(String::from_utf8(shown).unwrap(), expected);
    }
}
