//! What the keys mean: the stepper, and what is selected on the screen.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::stepper::Stepper;

/// The keys, in a line.
pub(super) const KEYS: &str =
    "↑↓ select  ⏎ choose  ←→ back, ahead  Home End  g jump  PgUp PgDn scroll  q quit";

/// What is to be done after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Continue,
    Quit,
}

/// The stepper with what is selected on the screen.
pub(super) struct App {
    pub(super) stepper: Stepper,
    /// Which of the things that can happen is selected.
    pub(super) selected: usize,
    /// How many lines of the processes have been scrolled away.
    pub(super) scroll: u16,
    /// The number of the step to jump to, as far as it is typed.
    pub(super) prompt: Option<String>,
    /// What went wrong with the last key.
    pub(super) remark: Option<String>,
}

impl App {
    pub(super) fn new(stepper: Stepper) -> App {
        let mut app = App { stepper, selected: 0, scroll: 0, prompt: None, remark: None };
        app.select_ahead();
        app
    }

    /// Does what a key asks for.
    pub(super) fn press(&mut self, key: KeyEvent) -> Flow {
        if key.kind == KeyEventKind::Release {
            return Flow::Continue;
        }
        self.remark = None;
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return if key.code == KeyCode::Char('c') { Flow::Quit } else { Flow::Continue };
        }
        match self.prompt.take() {
            Some(typed) => self.type_on(typed, key.code),
            None => return self.command(key.code),
        }
        Flow::Continue
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most keys mean nothing")]
    fn type_on(&mut self, mut typed: String, key: KeyCode) {
        match key {
            KeyCode::Char(digit) if digit.is_ascii_digit() && typed.len() < 9 => {
                typed.push(digit);
                self.prompt = Some(typed);
            }
            KeyCode::Backspace => {
                typed.pop();
                self.prompt = Some(typed);
            }
            KeyCode::Enter => {
                if let Ok(step) = typed.parse() {
                    self.go(step);
                }
            }
            KeyCode::Esc => {}
            _ => self.prompt = Some(typed),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most keys mean nothing")]
    fn command(&mut self, key: KeyCode) -> Flow {
        let (at, last) = (self.stepper.at(), self.stepper.last());
        match key {
            KeyCode::Char('q') | KeyCode::Esc => return Flow::Quit,
            KeyCode::Up | KeyCode::Char('k') => self.selected = self.selected.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => {
                self.selected = (self.selected + 1).min(self.stepper.possible().len().saturating_sub(1));
            }
            KeyCode::Enter | KeyCode::Char(' ') => self.choose(),
            KeyCode::Left | KeyCode::Backspace | KeyCode::Char('h') if at == 0 => {
                self.remark = Some("this is the beginning".to_owned());
            }
            KeyCode::Left | KeyCode::Backspace | KeyCode::Char('h') => self.go(at - 1),
            KeyCode::Right | KeyCode::Char('l') if at == last => {
                self.remark = Some("nothing lies ahead: choose what happens".to_owned());
            }
            KeyCode::Right | KeyCode::Char('l') => self.go(at + 1),
            KeyCode::Home => self.go(0),
            KeyCode::End => self.go(last),
            KeyCode::Char('g') => self.prompt = Some(String::new()),
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(5),
            KeyCode::PageDown => self.scroll = self.scroll.saturating_add(5),
            _ => {}
        }
        Flow::Continue
    }

    /// Makes what is selected happen. Who has acted stays selected, if he can go on.
    fn choose(&mut self) {
        let chosen = self.stepper.possible().nth(self.selected).map(|made| made.choice);
        if !self.stepper.choose(self.selected) {
            self.remark = Some("nothing more can happen: go back, or quit".to_owned());
            return;
        }
        let again = self.stepper.possible().position(|made| Some(made.choice) == chosen);
        self.selected = again.unwrap_or(0);
        if self.stepper.ahead().is_some() {
            self.select_ahead();
        }
    }

    fn go(&mut self, step: usize) {
        if self.stepper.jump(step) {
            self.selected = 0;
            self.select_ahead();
        } else {
            self.remark = Some(format!("there is no step {step}: the last one is {}", self.stepper.last()));
        }
    }

    /// What was chosen here before is what is selected.
    fn select_ahead(&mut self) {
        let Some(ahead) = self.stepper.ahead().map(|made| made.choice) else { return };
        if let Some(index) = self.stepper.possible().position(|made| made.choice == ahead) {
            self.selected = index;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use rashomon::Simulation;
    use rashomon::elixir::{Source, compile};
    use rashomon::kernel::Persistent;

    use super::*;

    pub(in super::super) fn app(text: &str) -> App {
        let compilation = compile::<Persistent>(&[Source { name: "a.exs", text }]).expect("it compiles");
        App::new(Stepper::new(Simulation::new(compilation.program)))
    }

    pub(in super::super) fn press(app: &mut App, keys: &[KeyCode]) {
        for &key in keys {
            assert_eq!(app.press(KeyEvent::from(key)), Flow::Continue);
        }
    }

    const TWO: &str = "me = self()\nfor name <- [:left, :right], do: spawn(fn -> send(me, name) end)\n\
        receive do: (first -> IO.inspect(first))\n";

    #[test]
    fn keys_choose_and_go_back_and_forth() {
        let mut app = app(TWO);
        press(&mut app, &[KeyCode::Enter, KeyCode::Enter, KeyCode::Down, KeyCode::Enter]);
        assert_eq!((app.stepper.at(), app.stepper.last()), (3, 3));
        assert_eq!(app.selected, 2, "who has acted goes on");
        press(&mut app, &[KeyCode::Left]);
        assert_eq!((app.stepper.at(), app.selected), (2, 1), "what was chosen is selected");
        press(&mut app, &[KeyCode::Home, KeyCode::Left]);
        assert_eq!((app.stepper.at(), app.remark.as_deref()), (0, Some("this is the beginning")));
        press(&mut app, &[KeyCode::Right, KeyCode::Right, KeyCode::Right, KeyCode::Right]);
        assert_eq!(app.stepper.at(), 3);
        assert_eq!(app.remark.as_deref(), Some("nothing lies ahead: choose what happens"));
        press(&mut app, &[KeyCode::Home, KeyCode::End]);
        assert_eq!(app.stepper.at(), 3);
    }

    #[test]
    fn the_selection_stays_among_what_can_happen() {
        let mut app = app(TWO);
        press(&mut app, &[KeyCode::Up, KeyCode::Down, KeyCode::Down]);
        assert_eq!(app.selected, 0);
        press(&mut app, &[KeyCode::Enter, KeyCode::Enter, KeyCode::Down, KeyCode::Down, KeyCode::Down]);
        assert_eq!(app.selected, 1);
    }

    #[test]
    fn one_can_jump() {
        let mut app = app(TWO);
        press(&mut app, &[KeyCode::Enter, KeyCode::Enter, KeyCode::Enter]);
        press(
            &mut app,
            &[
                KeyCode::Char('g'),
                KeyCode::Char('9'),
                KeyCode::Char('x'),
                KeyCode::Backspace,
                KeyCode::Char('1'),
            ],
        );
        assert_eq!(app.prompt.as_deref(), Some("1"));
        press(&mut app, &[KeyCode::Enter]);
        assert_eq!((app.stepper.at(), app.prompt.as_deref()), (1, None));
        press(&mut app, &[KeyCode::Char('g'), KeyCode::Char('7'), KeyCode::Enter]);
        assert_eq!(app.remark.as_deref(), Some("there is no step 7: the last one is 3"));
        press(&mut app, &[KeyCode::Char('g'), KeyCode::Char('2'), KeyCode::Esc]);
        assert_eq!((app.stepper.at(), app.prompt.as_deref()), (1, None));
    }

    #[test]
    fn at_the_end_nothing_can_be_chosen() {
        let mut app = app("IO.puts(1)\n");
        press(&mut app, &[KeyCode::Enter, KeyCode::Enter, KeyCode::Enter]);
        assert_eq!(app.remark.as_deref(), Some("nothing more can happen: go back, or quit"));
    }

    #[test]
    fn q_escape_and_control_c_quit() {
        let mut app = app(TWO);
        assert_eq!(app.press(KeyEvent::from(KeyCode::Char('q'))), Flow::Quit);
        assert_eq!(app.press(KeyEvent::from(KeyCode::Esc)), Flow::Quit);
        assert_eq!(app.press(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Flow::Quit);
        press(&mut app, &[KeyCode::Char('g')]);
        assert_eq!(app.press(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Flow::Quit);
    }
}
