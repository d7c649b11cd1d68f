//! The same program, assumptions and choices: the same run.

use proptest::prelude::*;
use rashomon::Trace;
use rashomon::strategy::Token;

use crate::case::{cases, times};

/// Everything but who chose.
fn without_strategy(trace: &Trace) -> Trace {
    Trace { strategy: String::new(), ..trace.clone() }
}

proptest! {
    #![proptest_config(times(4))]

    #[test]
    fn equal_seeds_give_equal_traces(case in cases()) {
        let simulation = case.simulation();
        let (first, second) = (simulation.run(case.chooser()), simulation.run(case.chooser()));
        prop_assert_eq!(first.trace(), second.trace());
        prop_assert_eq!(first.schedule(), second.schedule());
        prop_assert_eq!(first.trace().to_json(), second.trace().to_json());
        prop_assert_eq!(first.token().to_string(), second.token().to_string());
    }

    #[test]
    fn a_recorded_run_is_replayed_from_the_text_of_its_token(case in cases()) {
        let simulation = case.simulation();
        let run = simulation.run(case.chooser());
        let text = run.token().to_string();
        prop_assert_eq!(text.parse::<Token>().expect("it has just been printed"), run.token());
        // The token carries the assumptions: they need not be known.
        let replayed = rashomon::Simulation::new(case.code).replay(&text).expect("nothing has changed");
        prop_assert_eq!(without_strategy(replayed.trace()), without_strategy(run.trace()));
        prop_assert_eq!(replayed.schedule(), run.schedule());
        prop_assert_eq!(replayed.token().to_string(), text);
    }

    #[test]
    fn a_scripted_program_is_deterministic(case in cases()) {
        prop_assert_eq!(case.simulation().check_determinism(case.chooser()), Ok(()));
    }

    #[test]
    fn nothing_of_a_run_depends_on_who_watches(case in cases()) {
        let mut notes = crate::notes::Notes::default();
        let watched = case.run(&mut notes);
        let unwatched = case.run(&mut ());
        prop_assert_eq!(watched.outcome(), unwatched.outcome());
        prop_assert_eq!(watched.stuck(), unwatched.stuck());
        prop_assert_eq!(watched.steps(), unwatched.steps());
        // One event for each step, numbered from 0.
        prop_assert!(notes.0.iter().map(|note| note.step).eq(0..watched.steps()));
    }
}
