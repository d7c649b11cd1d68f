//! Where a simulated process panicked.
//!
//! A panic that is caught carries its message but not its place; that is known only to the panic hook. So there is
//! one hook for the whole host process, put in front of the one that was there. For a thread that is just
//! running the code of a simulated process it notes place and message, and stays silent, because the panic will be
//! reported as the crash of that process; for all others it calls the hook that was there before.

use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::task::Wake;
use std::thread::ThreadId;

/// What is said of a panic whose payload is no text.
pub(super) const NO_MESSAGE: &str = "a panic without a message";

/// What the hook and the simulation say to each other about one thread. It is also the waker of all simulated
/// processes on that thread: code that is polled with another waker is run by somebody else's executor.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// The code of a simulated process runs.
    polling: AtomicBool,
    /// Somebody woke it.
    woken: AtomicBool,
    report: Mutex<Option<String>>,
}

static DESKS: Mutex<Vec<(ThreadId, Arc<Desk>)>> = Mutex::new(Vec::new());
static HOOK: Once = Once::new();

impl Desk {
    /// The desk of this thread.
    pub(super) fn of_this_thread() -> Arc<Desk> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| match desk_that_polls() {
                Some(desk) => desk.note(info),
                None => before(info),
            }));
        });
        let here = std::thread::current().id();
        let mut desks = DESKS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, desk)) = desks.iter().find(|(thread, _)| *thread == here) {
            return Arc::clone(desk);
        }
        // Desks that nobody holds belong to threads that have no world any more.
        desks.retain(|(_, desk)| Arc::strong_count(desk) > 1);
        let desk = Arc::new(Desk::default());
        desks.push((here, Arc::clone(&desk)));
        desk
    }

    /// Says that the code of a simulated process runs, or no longer; returns what was the case before.
    #[inline]
    pub(super) fn set_polling(&self, polling: bool) -> bool {
        let before = self.polling.load(Ordering::Relaxed);
        self.polling.store(polling, Ordering::Relaxed);
        before
    }

    /// Whether somebody woke the process since this was asked last.
    pub(super) fn take_woken(&self) -> bool {
        self.woken.swap(false, Ordering::Relaxed)
    }

    /// The report of the latest panic, with its place.
    pub(super) fn take_report(&self) -> Option<String> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note(&self, info: &PanicHookInfo<'_>) {
        let message = info.payload_as_str().unwrap_or(NO_MESSAGE);
        let report = match info.location() {
            Some(place) => format!("panicked at {place}: {message}"),
            None => format!("panicked: {message}"),
        };
        *self.report.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    }
}

impl Wake for Desk {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
    }
}

fn desk_that_polls() -> Option<Arc<Desk>> {
    let here = std::thread::current().id();
    let desks = DESKS.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, desk) = desks.iter().find(|(thread, _)| *thread == here)?;
    desk.polling.load(Ordering::Relaxed).then(|| Arc::clone(desk))
}
