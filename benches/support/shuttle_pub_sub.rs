//! The same programs with shuttle's threads and channels.

use std::hint::black_box;

use shuttle::scheduler::RandomScheduler;
use shuttle::sync::mpsc::{Sender, channel};
use shuttle::{Config, FailurePersistence, Runner, thread};

enum Message {
    Publish(&'static str),
    Subscribe(usize, Sender<Message>),
    Published(&'static str),
    Subscriber(#[expect(dead_code, reason = "as in the original, the number is told but not used")] usize),
    Written(#[expect(dead_code, reason = "as in the original, the text is told but not used")] &'static str),
}

fn server(inbox: &shuttle::sync::mpsc::Receiver<Message>, main: &Sender<Message>) {
    let mut subscribers: Vec<Sender<Message>> = Vec::new();
    while let Ok(message) = inbox.recv() {
        match message {
            Message::Publish(text) => {
                for subscriber in subscribers.iter().rev() {
                    let _gone = subscriber.send(Message::Published(text));
                }
            }
            Message::Subscribe(number, subscriber) => {
                let _gone = main.send(Message::Subscriber(number));
                subscribers.push(subscriber);
            }
            Message::Published(_) | Message::Subscriber(_) | Message::Written(_) => {}
        }
    }
}

fn last_stage(subscribers: usize) {
    let (main, inbox) = channel();
    let (to_server, server_inbox) = channel();
    let server_main = main.clone();
    thread::spawn(move || server(&server_inbox, &server_main));
    for number in 0..subscribers {
        let (to_server, main) = (to_server.clone(), main.clone());
        thread::spawn(move || {
            let (own, inbox) = channel();
            let _gone = to_server.send(Message::Subscribe(number, own));
            drop(to_server);
            while let Ok(Message::Published(text)) = inbox.recv() {
                black_box(format!("{number} received:  {text}"));
                let _gone = main.send(Message::Written(text));
            }
        });
    }
    drop(main);
    for _ in 0..subscribers {
        let _subscriber = inbox.recv();
    }
    let _gone = to_server.send(Message::Publish("Hello everyone!"));
    for _ in 0..subscribers {
        let _written = inbox.recv();
    }
}

fn runner(runs: usize) -> Runner<RandomScheduler> {
    let mut config = Config::default();
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    config.max_steps = shuttle::MaxSteps::None;
    Runner::new(RandomScheduler::new_from_seed(7, runs), config)
}

/// Runs the last stage so many times.
pub(crate) fn run(subscribers: usize, runs: usize) {
    runner(runs).run(move || last_stage(subscribers));
}

/// Sends so many messages back and forth, once.
pub(crate) fn ping_pong(messages: u64) {
    runner(1).run(move || {
        let (ping, ping_inbox) = channel::<u64>();
        let (pong, pong_inbox) = channel::<u64>();
        thread::spawn(move || {
            while let Ok(number) = ping_inbox.recv() {
                let _gone = pong.send(number + 1);
            }
        });
        for number in 0..messages / 2 {
            let _gone = ping.send(number);
            let _answer = pong_inbox.recv();
        }
    });
}
