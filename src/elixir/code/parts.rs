//! What operations mention beside registers and small numbers: what has another number when code moves elsewhere.

use super::{Op, Place};
use crate::elixir::atom::Atom;

/// Something that an operation mentions by its number.
pub(super) enum Part<'a> {
    /// Where the code may go on.
    Place(&'a mut Place),
    /// A name.
    Atom(&'a mut Atom),
    /// A function of the code.
    Function(&'a mut u32),
    /// A constant.
    Constant(&'a mut u32),
    /// A function of another module.
    Remote(&'a mut u32),
    /// The layout of a bitstring that is built.
    Layout(&'a mut u32),
    /// A segment that is read.
    Read(&'a mut u32),
    /// A file and line.
    Position(&'a mut u32),
    /// A built-in.
    Builtin(&'a mut u16),
    /// Something that the virtual machine does.
    Action(&'a mut u16),
}

impl Op {
    /// Shows everything that the operation mentions by its number.
    #[inline]
    pub(super) fn parts(&mut self, see: &mut impl FnMut(Part<'_>)) {
        match self {
            Op::Jump { to }
            | Op::JumpIfFalsy { to, .. }
            | Op::JumpIfTruthy { to, .. }
            | Op::JumpUnlessTrue { to, .. }
            | Op::JumpUnless { to, .. }
            | Op::JumpUnlessInt { to, .. }
            | Op::JumpUnlessType { to, .. }
            | Op::Protect { to, .. } => see(Part::Place(to)),
            Op::Uncons { fail, .. }
            | Op::IsTuple { fail, .. }
            | Op::MapGet { fail, .. }
            | Op::OpenBits { fail, .. }
            | Op::CloseBits { fail, .. } => see(Part::Place(fail)),
            Op::Receive { expired, .. } => see(Part::Place(expired)),
            Op::JumpUnlessAtom { atom, to, .. } => {
                see(Part::Atom(atom));
                see(Part::Place(to));
            }
            Op::JumpUnlessConstant { constant, to, .. } => {
                see(Part::Constant(constant));
                see(Part::Place(to));
            }
            Op::GuardBuiltin { builtin, fail, .. } => {
                see(Part::Builtin(builtin));
                see(Part::Place(fail));
            }
            Op::ReadBits { read, fail } => {
                see(Part::Read(read));
                see(Part::Place(fail));
            }
            Op::Constant { constant, .. } => see(Part::Constant(constant)),
            Op::Atom { atom, .. } => see(Part::Atom(atom)),
            Op::Boolean { operator, .. } => see(Part::Atom(operator)),
            Op::Field { key, .. } => see(Part::Atom(key)),
            Op::CallDynamic { name, .. } => see(Part::Atom(name)),
            Op::Closure { lambda, .. } => see(Part::Function(lambda)),
            Op::Call { function, .. } | Op::TailCall { function, .. } => see(Part::Function(function)),
            Op::CallRemote { remote, .. } | Op::TailCallRemote { remote, .. } => see(Part::Remote(remote)),
            Op::Builtin { builtin, .. } => see(Part::Builtin(builtin)),
            Op::Act { action, position, .. } => {
                see(Part::Action(action));
                see(Part::Position(position));
            }
            Op::Position { position } => see(Part::Position(position)),
            Op::BuildBits { layout, .. } => see(Part::Layout(layout)),
            Op::Enter { .. }
            | Op::Move { .. }
            | Op::Take { .. }
            | Op::Int { .. }
            | Op::Compare { .. }
            | Op::IsType { .. }
            | Op::Add { .. }
            | Op::Subtract { .. }
            | Op::Multiply { .. }
            | Op::AddInt { .. }
            | Op::Cons { .. }
            | Op::Tuple { .. }
            | Op::Element { .. }
            | Op::Map { .. }
            | Op::MapUpdate { .. }
            | Op::CallValue { .. }
            | Op::TailCallValue { .. }
            | Op::Return { .. }
            | Op::Fail { .. }
            | Op::Unprotect
            | Op::Reraise { .. }
            | Op::Accept
            | Op::Reject
            | Op::Unreachable => {}
        }
    }
}
