//! All assumptions under which a program can be run.

use proptest::prelude::*;
use rashomon::{Clock, Delivery, Halt, Limits, Settings};

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let delivery = prop_oneof![Just(Delivery::Instant), Just(Delivery::Ordered)];
    let clock = prop_oneof![Just(Clock::Patient), Just(Clock::Hasty)];
    let halt = prop_oneof![Just(Halt::WithMain), Just(Halt::Never)];
    (delivery, clock, halt).prop_map(|(delivery, clock, halt)| Settings {
        delivery,
        clock,
        halt,
        limits: Limits::default(),
    })
}
