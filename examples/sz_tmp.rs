#[path = "pub_sub.rs"]
#[allow(dead_code)]
mod pub_sub;
use rashomon::kernel::*; use rashomon::native::*; use std::mem::size_of;
fn main(){ type N=Native<pub_sub::Message>;
println!("Native {} Action {} Request {} Record {} Env {} Msg {} Reply {}", size_of::<N>(), size_of::<Action<N>>(), size_of::<Request<N>>(), size_of::<Record<N>>(), size_of::<Envelope<Incoming<pub_sub::Message>>>(), size_of::<Incoming<pub_sub::Message>>(), size_of::<Reply<N>>());}
