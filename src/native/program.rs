//! A program in Rust.

use std::any::type_name;
use std::marker::PhantomData;
use std::panic::Location;
use std::rc::Rc;

use super::Message;
use super::ctx::Ctx;
use super::process::Native;
use super::reason::IntoExit;
use super::shared::{Hold, Shared};
use crate::kernel::{Fingerprint, Pid, Program, Settings, World};

/// A program in Rust: a name, and the code of its main process. Made by [`program`].
pub struct NativeProgram<M, F> {
    name: String,
    main: F,
    place: &'static Location<'static>,
    messages: PhantomData<fn() -> M>,
}

/// A program in Rust. `main` is called once for each world and must do the same each time.
///
/// The name and the type of the messages make up the program's fingerprint: schedules of another program are
/// refused.
///
/// ```
/// use rashomon::{Ctx, Random, Simulation, program};
///
/// let program = program("greeting", |ctx: Ctx<&'static str>| async move {
///     let parent = ctx.pid();
///     ctx.spawn(move |ctx| async move { ctx.send(parent, "hello") });
///     let greeting = ctx.recv().await;
///     ctx.output(greeting);
/// });
/// let run = Simulation::new(program).run(Random::new(7));
/// assert_eq!(run.outcome().lines().map(|(_, line)| line).collect::<Vec<_>>(), ["hello"]);
/// ```
#[track_caller]
pub fn program<M, F, Fut>(name: impl Into<String>, main: F) -> NativeProgram<M, F>
where
    M: Message,
    F: Fn(Ctx<M>) -> Fut,
    Fut: Future<Output: IntoExit> + 'static,
{
    NativeProgram { name: name.into(), main, place: Location::caller(), messages: PhantomData }
}

impl<M, F, Fut> NativeProgram<M, F>
where
    M: Message,
    F: Fn(Ctx<M>) -> Fut,
    Fut: Future<Output: IntoExit> + 'static,
{
    fn begin(&self, settings: Settings, shared: Rc<Shared<M>>) -> World<Native<M>> {
        let main = self.main_process(&shared);
        World::new(settings, Hold(shared), main)
    }

    fn main_process(&self, shared: &Rc<Shared<M>>) -> Native<M> {
        let body = shared.prepare(|| (self.main)(Ctx::new(Rc::clone(shared), Pid::MAIN)));
        let history = shared.history_of_child(|_| {});
        Native::new(body, self.place, history)
    }
}

impl<M, F, Fut> Program for NativeProgram<M, F>
where
    M: Message,
    F: Fn(Ctx<M>) -> Fut,
    Fut: Future<Output: IntoExit> + 'static,
{
    type Process = Native<M>;

    fn name(&self) -> &str {
        &self.name
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&["rust", &self.name, type_name::<M>()])
    }

    fn world(&self, settings: Settings) -> World<Native<M>> {
        self.begin(settings, Shared::new())
    }

    fn world_to_compare(&self, settings: Settings) -> World<Native<M>> {
        let shared = Shared::new();
        shared.remember_histories();
        self.begin(settings, shared)
    }

    fn rewind(&self, world: &mut World<Native<M>>) {
        world.clear();
        world.environment().forget_requests();
        let shared = if Rc::strong_count(world.environment()) == 1 {
            Rc::clone(world.environment())
        } else {
            // A process has put its Ctx where it outlives the world.
            Shared::new()
        };
        let main = self.main_process(&shared);
        world.begin_anew(Hold(shared), main);
    }
}
