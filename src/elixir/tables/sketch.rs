//! Tables, written down: see [`Sketched`](crate::kernel::Sketched).

use super::Tables;
use super::table::Table;
use crate::kernel::Sketcher;

impl Tables {
    /// Writes down each table, by itself and in any order.
    pub(crate) fn sketch(&self, part: &mut dyn FnMut(Sketcher)) {
        for table in self.tables.values() {
            let mut into = Sketcher::default();
            into.pid(table.owner);
            table.sketch(&mut into);
            part(into);
        }
    }
}

impl Table {
    fn sketch(&self, into: &mut Sketcher) {
        into.reference(self.id);
        into.number(u64::from(self.name.number()));
        into.mark(u8::from(self.named) << 1 | u8::from(self.compressed));
        into.mark(self.kind as u8);
        into.mark(self.protection as u8);
        into.mark(u8::from(self.decentralized_counters));
        self.read_concurrency.sketch(into);
        self.write_concurrency.sketch(into);
        into.number(self.key as u64);
        into.number(u64::from(self.fixed));
        if let Some((heir, data)) = &self.heir {
            into.mark(1);
            into.pid(*heir);
            data.sketch(into);
        }
        // Rows whose keys hold pids are in the order of these: worlds in which they come in another one are not taken for alike.
        into.number(self.size as u64);
        for row in self.rows() {
            row.sketch(into);
        }
    }
}
