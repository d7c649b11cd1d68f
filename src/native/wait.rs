//! The futures that a process awaits.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Message;
use super::ctx::Ctx;
use super::process::Native;
use super::reason::Incoming;
use super::shared::Accepts;
use crate::kernel::{Action, Patience, Reply};

type Place = &'static Location<'static>;

/// The answer to a question about the world.
pub(super) struct Answer<'c, M: Message, T> {
    pub(super) ctx: &'c Ctx<M>,
    /// What is asked, until it has been asked.
    pub(super) action: Option<Action<Native<M>>>,
    pub(super) place: Place,
    /// Reads the answer; nothing if there is none that the process lives to see.
    pub(super) read: fn(Reply<Native<M>>) -> Option<T>,
}

impl<M: Message, T> Unpin for Answer<'_, M, T> {}

impl<M: Message, T> Future for Answer<'_, M, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let shared = &self.ctx.shared;
        shared.check_waker(context.waker(), self.place);
        if let Some(action) = self.action.take() {
            self.ctx.shared.ask_and_wait(self.ctx.pid, action, self.place);
            return Poll::Pending;
        }
        let answer = shared.take_answer();
        if let Reply::Start = answer {
            return Poll::Pending;
        }
        match (self.read)(answer) {
            Some(value) => Poll::Ready(value),
            None => Poll::Pending,
        }
    }
}

/// A message, when it comes.
pub(super) struct Receive<'c, M: Message, F, R> {
    pub(super) ctx: &'c Ctx<M>,
    pub(super) patience: Patience,
    pub(super) accepts: Accepts,
    pub(super) takes: F,
    /// Makes of the message, or of none in time, what the process gets.
    pub(super) read: R,
    pub(super) place: Place,
    pub(super) asked: bool,
}

impl<M: Message, F, R> Unpin for Receive<'_, M, F, R> {}

impl<M, F, R, T> Future for Receive<'_, M, F, R>
where
    M: Message,
    F: FnMut(&Incoming<M>) -> bool,
    R: Fn(Option<Incoming<M>>) -> Option<T>,
{
    type Output = T;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = self.get_mut();
        let shared = &this.ctx.shared;
        shared.check_waker(context.waker(), this.place);
        if !this.asked {
            this.asked = true;
            shared.wait(this.ctx.pid, this.patience, this.accepts, this.place);
            return Poll::Pending;
        }
        if this.accepts == Accepts::Asked {
            let takes = &mut this.takes;
            let looked = shared.with_offer(|offer| {
                let mut at = offer.position;
                while let Some(envelope) = offer.mailbox.get(at) {
                    if takes(&envelope.message) {
                        offer.found = Some(at);
                        break;
                    }
                    at += 1;
                }
            });
            if looked {
                return Poll::Pending;
            }
        }
        let incoming = shared.take_message();
        if incoming.is_none()
            && let Reply::Start = shared.take_answer()
        {
            return Poll::Pending;
        }
        match (this.read)(incoming) {
            Some(value) => Poll::Ready(value),
            None => Poll::Pending,
        }
    }
}
