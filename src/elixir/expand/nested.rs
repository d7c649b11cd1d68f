//! Suggestions for names that nobody knows.

/// The name nearest to an unknown one, if any is near.
pub(super) fn nearest(name: &str, arity: u8, known: impl IntoIterator<Item = String>) -> Option<String> {
    let mut best: Option<(f64, String)> = None;
    for candidate in known {
        let (text, of) = match candidate.split_once('/') {
            Some((text, of)) if !text.is_empty() => (text, of.parse::<u8>().ok()),
            _ => (candidate.as_str(), None),
        };
        let mut likeness = strsim::jaro_winkler(name, text);
        if of == Some(arity) {
            likeness += 0.02;
        }
        if likeness > 0.84 && best.as_ref().is_none_or(|(found, _)| likeness > *found) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, name)| name)
}
