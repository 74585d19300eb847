//! What a load does, said as simply as possible.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// The key's values, and the other ones, as PostgreSQL prints them.
pub(super) type Table = BTreeMap<Vec<String>, Vec<String>>;

/// Chance that comes out the same again: xorshift.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 33) % sides.max(1) as u64).unwrap()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Replace,
    Upsert,
    Append,
}

/// The definition of a table with `width` key columns.
pub(super) fn definition(width: usize, mode: Mode, history: bool) -> String {
    let key = ["\"a\"", "\"b\"", "\"c\""][..width].join(", ");
    let mode = format!("{mode:?}").to_lowercase();
    let kinds = [
        ("a", "integer"),
        ("b", "text"),
        ("c", "date"),
        ("name", "text"),
        ("price", "decimal(12,2)"),
        ("since", "date"),
    ];
    let columns = kinds.iter().map(|(name, kind)| {
        let required = if ["a", "b", "c", "name"].contains(name) { "required = true\n" } else { "" };
        format!("[columns.{name}]\nfrom = \"{name}\"\ntype = \"{kind}\"\ncomment = \"One of them\"\n{required}\n")
    });
    let columns: String = columns.collect();
    format!(
        "title = \"Case\"\ndescription = \"Case\"\nlicence = \"None\"\nmode = \"{mode}\"\nkey = [{key}]\n\
         history = {history}\n\n\
         [publisher]\nname = \"Chance\"\npage = \"https://publisher.test/\"\n\n\
         [source]\nurl = \"https://publisher.test/\"\n\n[format]\nkind = \"csv\"\n\n{columns}\
         [expect]\nmin_rows = 0\nmax_shrink = 1.0\nmax_rejected = 1000000\nmax_rejected_share = 1.0\n"
    )
}

/// A record: a row, one whose price is none, or one without a readable key.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Record {
    Row([String; 6]),
    Bad([String; 6]),
    Keyless,
}

/// What a publisher publishes.
#[derive(Debug)]
pub(super) struct File(Vec<Record>);

impl File {
    pub(super) fn random(dice: &mut Dice) -> Self {
        let rows = dice.below(60);
        Self((0..rows).map(|id| Record::Row(row(id, dice))).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Changes something, or a lot.
    pub(super) fn edit(&mut self, dice: &mut Dice) {
        for _ in 0..=dice.below(8) {
            self.edit_once(dice);
        }
        self.keep_most_good();
    }

    /// A column that most records fail on is taken for one of another type, and the release is held.
    fn keep_most_good(&mut self) {
        let is_bad = |record: &Record| !matches!(record, Record::Row(_));
        while self.0.iter().filter(|record| is_bad(record)).count() * 2 > self.0.len() {
            let last = self.0.iter().rposition(is_bad).expect("one of the bad");
            self.0.remove(last);
        }
    }

    fn edit_once(&mut self, dice: &mut Dice) {
        let new = Record::Row(row(dice.below(80), dice));
        if self.0.is_empty() {
            return self.0.push(new);
        }
        let (one, other) = (dice.below(self.0.len()), dice.below(self.0.len()));
        let (low, high) = (one.min(other), one.max(other));
        match dice.below(14) {
            0 => drop(self.0.remove(one)),
            1 | 2 => self.0.insert(one, new),
            3 | 4 => {
                if let Record::Row(row) = &mut self.0[one] {
                    row[4] = price(dice);
                }
            }
            5 => {
                if let Record::Row(row) = self.0[one].clone() {
                    self.0[one] = Record::Bad(row);
                }
            }
            6 => {
                if let Record::Bad(row) = self.0[one].clone() {
                    self.0[one] = Record::Row(row);
                }
            }
            7 => self.0[one] = Record::Keyless,
            8 => self.0.swap(one, other),
            9 => self.0.rotate_left(one),
            10 => self.0[low..high].reverse(),
            11 if dice.below(3) == 0 => drop(self.0.drain(low..high)),
            12 => self.0.insert(other, self.0[one].clone()),
            _ => self.0.insert(one, self.0[one].clone()),
        }
    }

    /// As CSV. A price may be written with needless zeros, and a text in needless quotes: the row is the same.
    pub(super) fn csv(&self, dice: &mut Dice) -> String {
        let mut csv = "a,b,c,name,price,since\n".to_owned();
        for record in &self.0 {
            let [a, b, c, name, price, since] = match record {
                Record::Row(row) => row.clone(),
                Record::Bad(row) => ["", "", "", "", "1.234", ""].map(str::to_owned).zip_with(row),
                Record::Keyless => ["x", "x", "x", "x", "", ""].map(str::to_owned),
            };
            let zeros = if dice.below(9) == 0 && price.len() < 5 && !price.is_empty() { "0" } else { "" };
            let quote = if dice.below(9) == 0 { "\"" } else { "" };
            writeln!(csv, "{a},{b},{c},{quote}{name}{quote},{price}{zeros},{since}").unwrap();
        }
        csv
    }
}

trait ZipWith {
    fn zip_with(self, row: &[String; 6]) -> [String; 6];
}

impl ZipWith for [String; 6] {
    /// Fills what is empty from a row.
    fn zip_with(mut self, row: &[String; 6]) -> [String; 6] {
        for (mine, theirs) in self.iter_mut().zip(row) {
            if mine.is_empty() {
                mine.clone_from(theirs);
            }
        }
        self
    }
}

fn row(id: usize, dice: &mut Dice) -> [String; 6] {
    let since = if dice.below(4) == 0 { String::new() } else { format!("2026-01-{:02}", 1 + dice.below(2)) };
    let name = format!("n{}", id % 3);
    [id.to_string(), format!("b{}", id % 7), format!("2026-02-{:02}", 1 + id % 28), name, price(dice), since]
}

/// As PostgreSQL prints it.
fn price(dice: &mut Dice) -> String {
    if dice.below(5) == 0 { String::new() } else { format!("{}.{}0", dice.below(3), dice.below(2)) }
}

/// The counts of a load.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    rows: usize,
    inserted: usize,
    changed: usize,
    removed: usize,
    unchanged: usize,
    rejected: usize,
    duplicates: usize,
    kept: usize,
}

impl Counts {
    /// As a command tells them: without those that are zero.
    pub(super) fn told(&self) -> String {
        let Self { rows, inserted, changed, removed, unchanged, rejected, duplicates, kept } = self;
        let all = [
            ("rows", rows),
            ("inserted", inserted),
            ("changed", changed),
            ("removed", removed),
            ("unchanged", unchanged),
            ("rejected", rejected),
            ("duplicates", duplicates),
            ("kept", kept),
        ];
        let told = all.iter().filter(|(_, count)| **count > 0).map(|(name, count)| format!("{name} {count}"));
        told.collect::<Vec<_>>().join(", ")
    }
}

/// What a load makes of a table.
pub(super) fn apply(table: &Table, file: &File, width: usize, mode: Mode) -> (Table, Counts) {
    let mut counts = Counts { rows: file.0.len(), ..Counts::default() };
    let (mut good, mut marked) = (BTreeMap::<_, BTreeSet<_>>::new(), BTreeSet::new());
    for record in &file.0 {
        match record {
            Record::Keyless => counts.rejected += 1,
            Record::Bad(row) => {
                counts.rejected += 1;
                marked.insert(row[..width].to_vec());
            }
            Record::Row(row) => {
                let is_new = good.entry(row[..width].to_vec()).or_default().insert(row[width..].to_vec());
                counts.duplicates += usize::from(!is_new);
            }
        }
    }
    let mut after = Table::new();
    for (key, values) in &good {
        let old = table.get(key);
        let frozen = mode == Mode::Append && old.is_some_and(|old| !values.contains(old));
        if values.len() > 1 || frozen {
            counts.rejected += values.len();
            marked.insert(key.clone());
            continue;
        }
        let new = values.first().unwrap();
        match old {
            None => counts.inserted += 1,
            Some(old) if old == new => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
        after.insert(key.clone(), new.clone());
    }
    for (key, old) in table.iter().filter(|(key, _)| !after.contains_key(*key)).collect::<Vec<_>>() {
        let kept = marked.contains(key);
        counts.kept += usize::from(kept);
        if kept || mode != Mode::Replace {
            after.insert(key.clone(), old.clone());
        } else {
            counts.removed += 1;
        }
    }
    (after, counts)
}
