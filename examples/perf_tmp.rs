#[path = "pub_sub.rs"]
mod pub_sub;
use std::time::Instant;
fn main() {
    let sim = pub_sub::simulation(pub_sub::STAGES[7], 10, rashomon::Clock::Patient, rashomon::Delivery::Instant);
    for _ in 0..1 {
        let t = Instant::now();
        let n: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(200_000);
        let r = sim.sweep(0..n).threads(1).without_outcomes().run();
        let e = t.elapsed();
        println!("{} runs {:.0}/s {:.2}us", r.runs, n as f64 / e.as_secs_f64(), e.as_secs_f64()*1e6/n as f64);
    }
    let mut steps = 0;
    for s in 0..10 { let mut w = sim.world(); rashomon::strategy::drive(&mut w, &mut rashomon::Random::new(s), &mut ()).unwrap(); steps += w.steps(); }
    println!("steps {}", steps/10);
}
