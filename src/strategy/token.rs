//! A schedule as a word that can be pasted into a test.
//!
//! `rsh1.` and then, in base64 for URLs: a postcard of [`Payload`], and the CRC-32 of all that stands before it, the
//! prefix included. The digit is the version of the format. Choices are packed: most steps of a shrunk schedule
//! take much less than a byte.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::kernel::{Choice, Clock, Delivery, Fingerprint, Halt, Limits, Pid, Settings};

const PREFIX: &str = "rsh";
const VERSION: &str = "1";
/// A token with more steps than this is not unpacked: a few bytes can stand for any number of steps.
const MOST_STEPS: usize = 1 << 26;

/// A schedule, and what it needs to be replayed: the settings of the run, and the program it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The program.
    pub fingerprint: Fingerprint,
    /// What the run assumed.
    pub settings: Settings,
    /// The choices.
    pub schedule: Schedule,
    /// A summary of the events that came of it, to notice if others come of it now.
    pub digest: u32,
}

/// Why a text is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It does not begin as a token does.
    #[error(
        "this is no schedule token: one begins with \"{PREFIX}{VERSION}.\"; copy the whole word, as it was printed"
    )]
    NoToken,
    /// It is one of another version.
    #[error(
        "this schedule token has the format version {found}, and this is a rashomon that reads version {VERSION}: replay it with \
         the version that printed it, or record it anew"
    )]
    OtherVersion {
        /// The version.
        found: String,
    },
    /// It is not as it was printed.
    #[error("this schedule token is damaged: {what}; copy it again, whole")]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
}

#[derive(Serialize, Deserialize)]
struct Payload {
    fingerprint: u64,
    ordered: bool,
    hasty: bool,
    no_halt: bool,
    /// Only where they are not the usual ones.
    limits: Option<Limits>,
    digest: u32,
    /// See [`pack`].
    legs: Vec<u64>,
}

const RUN: u64 = 0;
const DELIVER: u64 = 1;
const FIRE: u64 = 2;
const DRAW: u64 = 3;

/// Packs choices into numbers, small ones for what is frequent. The two lowest bits tell the kind of choice. A process
/// that acts several times in a row is told once, the next bit saying that the number of repetitions, less two, follows.
/// A delivery is its receiver, followed by its sender. A drawn number follows as it is.
fn pack(choices: &[Choice]) -> Vec<u64> {
    let mut packed = Vec::new();
    let mut rest = choices;
    while let Some(&choice) = rest.first() {
        let mut taken = 1;
        match choice {
            Choice::Run(pid) => {
                taken = rest.iter().take_while(|&&next| next == choice).count();
                let several = u64::from(taken > 1);
                packed.push(RUN | several << 2 | u64::from(pid.number()) << 3);
                if taken > 1 {
                    packed.push(taken as u64 - 2);
                }
            }
            Choice::Deliver { from, to } => {
                packed.push(DELIVER | u64::from(to.number()) << 2);
                packed.push(u64::from(from.number()));
            }
            Choice::Fire(pid) => packed.push(FIRE | u64::from(pid.number()) << 2),
            Choice::Draw(value) => {
                packed.push(DRAW);
                packed.push(value);
            }
        }
        rest = &rest[taken..];
    }
    packed
}

fn unpack(packed: &[u64]) -> Option<Vec<Choice>> {
    let pid = |number: u64| u32::try_from(number).ok().map(Pid::from_number);
    let mut choices = Vec::new();
    let mut rest = packed.iter().copied();
    while let Some(leg) = rest.next() {
        let (choice, times) = match leg & 3 {
            RUN if leg & 4 == 0 => (Choice::Run(pid(leg >> 3)?), 1),
            RUN => (Choice::Run(pid(leg >> 3)?), rest.next()?.checked_add(2)?),
            DELIVER => (Choice::Deliver { to: pid(leg >> 2)?, from: pid(rest.next()?)? }, 1),
            FIRE => (Choice::Fire(pid(leg >> 2)?), 1),
            _ => (Choice::Draw(rest.next()?), 1),
        };
        let times = usize::try_from(times).ok()?;
        if choices.len().checked_add(times)? > MOST_STEPS {
            return None;
        }
        choices.extend(std::iter::repeat_n(choice, times));
    }
    Some(choices)
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = Some(self.settings.limits).filter(|&limits| limits != Limits::default());
        let payload = Payload {
            fingerprint: self.fingerprint.number(),
            ordered: self.settings.delivery == Delivery::Ordered,
            hasty: self.settings.clock == Clock::Hasty,
            no_halt: self.settings.halt == Halt::Never,
            limits,
            digest: self.digest,
            legs: pack(self.schedule.choices()),
        };
        let mut bytes = postcard::to_stdvec(&payload).map_err(|_| fmt::Error)?;
        bytes.extend(checksum(&bytes).to_le_bytes());
        write!(f, "{PREFIX}{VERSION}.{}", BASE64URL_NOPAD.encode(&bytes))
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(PREFIX.as_bytes());
    hasher.update(VERSION.as_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Token, TokenError> {
        let damaged = |what| TokenError::Damaged { what };
        let rest = text.trim().strip_prefix(PREFIX).ok_or(TokenError::NoToken)?;
        let (version, encoded) = rest.split_once('.').ok_or(TokenError::NoToken)?;
        if version != VERSION {
            return Err(if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) {
                TokenError::OtherVersion { found: version.to_owned() }
            } else {
                TokenError::NoToken
            });
        }
        let bytes = BASE64URL_NOPAD
            .decode(encoded.as_bytes())
            .map_err(|_| damaged("it has characters that do not belong there, or its end is missing"))?;
        let (body, sum) = bytes.split_last_chunk::<4>().ok_or_else(|| damaged("its end is missing"))?;
        if checksum(body) != u32::from_le_bytes(*sum) {
            return Err(damaged("its checksum is wrong"));
        }
        let payload: Payload =
            postcard::from_bytes(body).map_err(|_| damaged("its content cannot be read"))?;
        let choices = unpack(&payload.legs).ok_or_else(|| damaged("its choices cannot be read"))?;
        Ok(Token {
            fingerprint: Fingerprint::from_number(payload.fingerprint),
            settings: Settings {
                delivery: if payload.ordered { Delivery::Ordered } else { Delivery::Instant },
                clock: if payload.hasty { Clock::Hasty } else { Clock::Patient },
                halt: if payload.no_halt { Halt::Never } else { Halt::WithMain },
                limits: payload.limits.unwrap_or_default(),
            },
            schedule: choices.into(),
            digest: payload.digest,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn choice() -> impl proptest::strategy::Strategy<Value = Choice> {
        let pid = || (0..20_u32).prop_map(Pid::from_number);
        prop_oneof![
            4 => pid().prop_map(Choice::Run),
            1 => (pid(), pid()).prop_map(|(from, to)| Choice::Deliver { from, to }),
            1 => pid().prop_map(Choice::Fire),
            1 => any::<u64>().prop_map(Choice::Draw),
            1 => any::<u32>().prop_map(|number| Choice::Run(Pid::from_number(number))),
        ]
    }

    fn token() -> impl proptest::strategy::Strategy<Value = Token> {
        let settings =
            (any::<[bool; 3]>(), prop::option::of(any::<u32>())).prop_map(|(flags, steps)| Settings {
                delivery: if flags[0] { Delivery::Ordered } else { Delivery::Instant },
                clock: if flags[1] { Clock::Hasty } else { Clock::Patient },
                halt: if flags[2] { Halt::Never } else { Halt::WithMain },
                limits: steps.map_or_else(Limits::default, |steps| Limits {
                    steps: u64::from(steps),
                    ..Limits::default()
                }),
            });
        let choices = prop::collection::vec((choice(), 1..4_usize), 0..60).prop_map(|legs| {
            legs.into_iter()
                .flat_map(|(choice, times)| std::iter::repeat_n(choice, times))
                .collect::<Schedule>()
        });
        (any::<u64>(), settings, choices, any::<u32>()).prop_map(
            |(fingerprint, settings, schedule, digest)| Token {
                fingerprint: Fingerprint::from_number(fingerprint),
                settings,
                schedule,
                digest,
            },
        )
    }

    proptest! {
        #[test]
        fn a_printed_token_reads_as_it_was(token in token()) {
            prop_assert_eq!(token.to_string().parse::<Token>(), Ok(token));
        }

        #[test]
        fn a_changed_character_is_noticed(token in token(), at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_-]") {
            let text = token.to_string();
            let at = PREFIX.len() + VERSION.len() + 1 + at.index(text.len() - PREFIX.len() - VERSION.len() - 1);
            let mut changed = text.clone();
            changed.replace_range(at..=at, &with);
            prop_assume!(changed != text);
            let damaged = matches!(changed.parse::<Token>(), Err(TokenError::Damaged { .. }));
            prop_assert!(damaged);
        }

        #[test]
        fn a_cut_token_is_noticed(token in token(), cut in any::<prop::sample::Index>()) {
            let text = token.to_string();
            prop_assert!(text[..cut.index(text.len())].parse::<Token>().is_err());
        }

        #[test]
        fn no_text_breaks_the_reader(text in "(rsh1\\.)?[ -~]{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _refused = text.parse::<Token>();
            // Random bytes behind a right checksum.
            let mut bytes = bytes;
            bytes.extend(checksum(&bytes).to_le_bytes());
            let _refused = format!("rsh1.{}", BASE64URL_NOPAD.encode(&bytes)).parse::<Token>();
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let token = Token {
            fingerprint: Fingerprint::of(&["test"]),
            settings: Settings::default(),
            schedule: Schedule::default(),
            digest: 0,
        };
        let text = token.to_string();
        assert_eq!("hello".parse::<Token>(), Err(TokenError::NoToken));
        assert_eq!("rshX.AAAA".parse::<Token>(), Err(TokenError::NoToken));
        let newer = text.replacen("rsh1", "rsh2", 1);
        assert_eq!(newer.parse::<Token>(), Err(TokenError::OtherVersion { found: "2".to_owned() }));
        assert!(newer.parse::<Token>().is_err_and(|error| error.to_string().contains("version 2")));
        assert!(matches!(text[..text.len() - 1].parse::<Token>(), Err(TokenError::Damaged { .. })));
        assert_eq!(format!("  {text}\n").parse::<Token>(), Ok(token));
    }

    #[test]
    fn few_bytes_cannot_stand_for_endless_steps() {
        assert_eq!(unpack(&[RUN | 4, u64::MAX - 5]), None);
        assert_eq!(unpack(&[RUN | 4, MOST_STEPS as u64]), None);
    }
}
