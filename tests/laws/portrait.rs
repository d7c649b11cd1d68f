//! All that can be asked of a world, as one value that can be compared.

use rashomon::kernel::{Choice, World};

use crate::script::{Scripted, name};

/// All that can be asked of a world. Two worlds with the same portrait cannot be told apart from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Portrait {
    choices: Vec<Choice>,
    processes: Vec<String>,
    world: String,
}

pub(crate) fn portrait(world: &World<Scripted>) -> Portrait {
    let processes = world.pids().map(|pid| {
        let info = world.info(pid).map(|info| {
            (
                info.name,
                info.status,
                info.traps_exits,
                info.links,
                info.monitors,
                info.monitored_by,
                info.group_leader,
            )
        });
        let pending = world.pending(pid).map(|request| (request.action.name(), request.place));
        let mailbox: Vec<_> =
            world.mailbox(pid).map(|letter| (letter.from, &letter.message, letter.arrived)).collect();
        format!("{pid} {info:?} {pending:?} {mailbox:?} {:?}", world.process(pid))
    });
    let names: Vec<_> = (0..4).map(|number| world.whereis(&name(number))).collect();
    let timers: Vec<_> = world.timers().map(|(reference, to, due)| (reference, to.clone(), due)).collect();
    let whole = (world.steps(), world.now(), names, timers, world.outcome(), world.main_exit());
    Portrait {
        choices: world.choices().iter().collect(),
        processes: processes.collect(),
        world: format!("{whole:?}"),
    }
}
