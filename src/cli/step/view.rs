//! The stepper on the screen.

use rashomon::kernel::Device;
use rashomon::{Clock, Delivery, Halt};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, HighlightSpacing, List, ListItem, ListState, Paragraph, Wrap};
use unicode_width::UnicodeWidthChar;

use super::app::{App, KEYS};
use super::stepper::Shown;

/// A screen that is smaller shows nothing that anybody could read.
const SMALLEST: (u16, u16) = (50, 14);

/// Whether there are colours.
#[derive(Clone, Copy)]
pub(super) enum Paint {
    Colours,
    Plain,
}

impl Paint {
    fn of(self, colour: Color) -> Style {
        match self {
            Paint::Colours => Style::new().fg(colour),
            Paint::Plain => Style::new(),
        }
    }
}

/// Draws all of it.
pub(super) fn draw(frame: &mut Frame<'_>, app: &App, paint: Paint) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let (width, height) = SMALLEST;
        let text = format!("The window is too small: {width} by {height} characters are needed. q quits.");
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        return;
    }
    let [head, body, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(0), Constraint::Length(1)]).areas(area);
    let [left, right] =
        Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(body);
    let [possible, steps] =
        Layout::vertical([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(left);
    let [processes, output] =
        Layout::vertical([Constraint::Percentage(70), Constraint::Percentage(30)]).areas(right);
    frame.render_widget(header(app), head);
    draw_possible(frame, app, paint, possible);
    draw_steps(frame, app, paint, steps);
    draw_processes(frame, app, paint, processes);
    draw_output(frame, app, paint, output);
    frame.render_widget(footer(app, paint), foot);
}

fn header(app: &App) -> Paragraph<'static> {
    let stepper = &app.stepper;
    let settings = stepper.simulation().settings();
    let (at, last) = (stepper.at(), stepper.last());
    let of = if at < last { format!(" of {last}") } else { String::new() };
    let delivery = match settings.delivery {
        Delivery::Instant => "instant",
        Delivery::Ordered => "ordered",
    };
    let clock = match settings.clock {
        Clock::Patient => "patient",
        Clock::Hasty => "hasty",
    };
    let halt = match settings.halt {
        Halt::WithMain => "",
        Halt::Never => ", no halt",
    };
    let now = std::time::Duration::from_nanos(stepper.world().now());
    let text = format!(" step {at}{of} · clock at {now:?} · {delivery} delivery, {clock} clock{halt}");
    Paragraph::new(text).style(Style::new().add_modifier(Modifier::BOLD))
}

fn footer(app: &App, paint: Paint) -> Paragraph<'static> {
    match (&app.prompt, &app.remark) {
        (Some(typed), _) => Paragraph::new(format!(" jump to step {typed}_  (⏎ jump, Esc stay)")),
        (None, Some(remark)) => Paragraph::new(format!(" {remark}")).style(paint.of(Color::Yellow)),
        (None, None) => Paragraph::new(format!(" {KEYS}")).style(Style::new().add_modifier(Modifier::DIM)),
    }
}

fn draw_possible(frame: &mut Frame<'_>, app: &App, paint: Paint, area: Rect) {
    let stepper = &app.stepper;
    let mut items: Vec<ListItem<'_>> = stepper
        .possible()
        .map(|made| {
            let mut line = Line::from(made.words.as_str());
            if let Some(place) = &made.place {
                line.push_span(Span::styled(format!("  {place}"), paint.of(Color::DarkGray)));
            }
            ListItem::new(line)
        })
        .collect();
    match stepper.not_listed() {
        0 => {}
        more => items.push(ListItem::new(format!("… and {more} more, which are not listed"))),
    }
    let block = Block::bordered().title(" What can happen ");
    if items.is_empty() {
        let ending = stepper.world().ending().map_or_else(String::new, |ending| ending.to_string());
        let text = format!("The end: {ending}.");
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }).block(block), area);
        return;
    }
    let list = List::new(items)
        .block(block)
        .highlight_symbol("▸ ")
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    frame.render_stateful_widget(list, area, &mut ListState::default().with_selected(Some(app.selected)));
}

fn draw_steps(frame: &mut Frame<'_>, app: &App, paint: Paint, area: Rect) {
    let at = app.stepper.at();
    let shown = usize::from(area.height.saturating_sub(2));
    // The step that is looked at stands in the middle, unless there is room for all.
    let first = at.saturating_sub(shown / 2).min(app.stepper.last().saturating_sub(shown));
    let items: Vec<ListItem<'_>> = (first..)
        .zip(app.stepper.steps_from(first))
        .take(shown)
        .map(|(index, made)| {
            let line = Line::from(format!("{:>4}  {}", index + 1, made.words));
            ListItem::new(if index < at { line } else { line.style(paint.of(Color::DarkGray)) })
        })
        .collect();
    let title =
        if at < app.stepper.last() { " What happened, and what lies ahead " } else { " What happened " };
    let list = List::new(items)
        .block(Block::bordered().title(title))
        .highlight_symbol("▸")
        .highlight_spacing(HighlightSpacing::Always)
        .highlight_style(Style::new().add_modifier(Modifier::BOLD));
    let current = at.checked_sub(first + 1);
    frame.render_stateful_widget(list, area, &mut ListState::default().with_selected(current));
}

fn draw_processes(frame: &mut Frame<'_>, app: &App, paint: Paint, area: Rect) {
    let width = usize::from(area.width.saturating_sub(2));
    let mut lines = Vec::new();
    for Shown { name, alive, doing, calls, mailbox } in app.stepper.processes() {
        let style = if alive { Style::new().add_modifier(Modifier::BOLD) } else { paint.of(Color::DarkGray) };
        lines.extend(
            wrap(&format!("{name}  {doing}"), 4, width).into_iter().map(|line| Line::styled(line, style)),
        );
        for call in calls {
            let folded = wrap(&format!("    in {call}"), 8, width).into_iter();
            lines.extend(folded.map(|line| Line::styled(line, paint.of(Color::DarkGray))));
        }
        for message in mailbox {
            let folded = wrap(&format!("    unread: {message}"), 8, width).into_iter();
            lines.extend(folded.map(|line| Line::styled(line, paint.of(Color::Yellow))));
        }
    }
    let shown = usize::from(area.height.saturating_sub(2));
    let furthest = u16::try_from(lines.len().saturating_sub(shown)).unwrap_or(u16::MAX);
    let paragraph = Paragraph::new(lines)
        .block(Block::bordered().title(" Processes "))
        .scroll((app.scroll.min(furthest), 0));
    frame.render_widget(paragraph, area);
}

/// A text in lines of this width; those after the first begin with so many spaces.
fn wrap(text: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut taken = 0;
    for character in text.chars() {
        let wide = character.width().unwrap_or(0);
        if taken + wide > width && taken > indent {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            taken = indent;
        }
        line.push(character);
        taken += wide;
    }
    lines.push(line);
    lines
}

fn draw_output(frame: &mut Frame<'_>, app: &App, paint: Paint, area: Rect) {
    let shown = usize::from(area.height.saturating_sub(2));
    let lines = app.stepper.output();
    let hidden = lines.len().saturating_sub(shown);
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .skip(hidden)
        .map(|(who, device, text)| {
            let to = match device {
                Device::Stdout => "",
                Device::Stderr => " (stderr)",
            };
            Line::from(vec![Span::raw(text), Span::styled(format!("  {who}{to}"), paint.of(Color::DarkGray))])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" Output ")), area);
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::crossterm::event::KeyCode;

    use super::super::app::tests::{app, press};
    use super::*;

    fn drawn(app: &App, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("it is only memory");
        terminal.draw(|frame| draw(frame, app, Paint::Plain)).expect("it is only memory");
        terminal.backend().to_string()
    }

    fn snapshot(name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }

    const RACE: &str = include_str!("../../../examples/race.exs");

    #[test]
    fn the_screen_shows_what_can_happen_and_what_has_happened() {
        let mut app = app(RACE);
        press(&mut app, &[KeyCode::Enter; 3]);
        press(&mut app, &[KeyCode::Down, KeyCode::Enter, KeyCode::Enter]);
        snapshot("step__in_the_middle", &drawn(&app, 140, 30));
        press(&mut app, &[KeyCode::Left, KeyCode::Left]);
        snapshot("step__gone_back", &drawn(&app, 140, 30));
    }

    #[test]
    fn the_end_is_told() {
        let mut app = app("IO.puts(\"done\")\nIO.puts(:stderr, \"aside\")\n");
        press(&mut app, &[KeyCode::Enter; 3]);
        snapshot("step__end", &drawn(&app, 90, 16));
    }

    #[test]
    fn of_many_steps_those_around_the_present_one_are_shown() {
        let mut app = app("for n <- 1..50, do: IO.puts(n)\n");
        press(&mut app, &[KeyCode::Enter; 51]);
        let screen = drawn(&app, 90, 20);
        assert!(screen.contains("▸  51  main ends") && screen.contains("   48  main writes: 48"), "{screen}");
        press(&mut app, &[KeyCode::Char('g'), KeyCode::Char('2'), KeyCode::Char('5'), KeyCode::Enter]);
        let screen = drawn(&app, 90, 20);
        for shown in ["   24  main writes: 24", "▸  25  main writes: 25", "   26  main writes: 26"] {
            assert!(screen.contains(shown), "{shown}: {screen}");
        }
        press(&mut app, &[KeyCode::Home]);
        assert!(drawn(&app, 90, 20).contains("    1  main writes: 1"));
    }

    #[test]
    fn what_is_typed_is_seen() {
        let mut app = app(RACE);
        press(&mut app, &[KeyCode::Char('g'), KeyCode::Char('4')]);
        let screen = drawn(&app, 90, 16);
        assert!(screen.contains(" jump to step 4_  (⏎ jump, Esc stay)"), "{screen}");
        press(&mut app, &[KeyCode::Enter]);
        let screen = drawn(&app, 90, 16);
        assert!(screen.contains(" there is no step 4: the last one is 0"), "{screen}");
    }

    #[test]
    fn long_lines_are_folded() {
        assert_eq!(wrap("abcdefgh", 2, 4), ["abcd", "  ef", "  gh"]);
        assert_eq!(wrap("日本語", 1, 4), ["日本", " 語"]);
        assert_eq!(wrap("abc", 4, 2), ["abc"], "a line that is too narrow is left alone");
        assert_eq!(wrap("", 4, 9), [""]);
    }

    #[test]
    fn a_small_window_says_so() {
        let app = app(RACE);
        assert!(drawn(&app, 40, 10).contains("The window is too small"));
        for (width, height) in [(1, 1), (3, 40), (200, 2), (50, 14)] {
            let _drawn = drawn(&app, width, height);
        }
    }

    #[test]
    fn processes_can_be_scrolled_to_the_end_and_no_further() {
        let mut app = app("for _ <- 1..20, do: spawn(fn -> receive do: (:x -> 1) end)\n");
        press(&mut app, &[KeyCode::Enter; 20]);
        assert!(!drawn(&app, 90, 16).contains("#PID<0.21.0>  waits"));
        press(&mut app, &[KeyCode::PageDown; 40]);
        let screen = drawn(&app, 90, 16);
        assert!(screen.contains("#PID<0.21.0>  waits"), "{screen}");
        press(&mut app, &[KeyCode::PageUp; 40]);
        assert!(drawn(&app, 90, 16).contains("main #PID<0.1.0>"));
    }
}
