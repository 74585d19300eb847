//! Fields that stand again and again in a line: found by places that are alike at one distance.

use std::collections::BTreeSet;

use super::{
    Shape,
    places::{Places, Span},
};
use crate::{infer::draft::Place, section::quoted};

/// How unlike places may be on average that are the same field, and how unlike two of one group must be.
const ALIKE: f64 = 0.25;
const UNLIKE: f64 = 0.5;
/// How often fields must stand there, and the most characters of one time that are looked for.
const TIMES: usize = 5;
const WIDEST: usize = 300;

/// Fields that stand again and again, up to the end of the line.
#[derive(Debug)]
pub(super) struct Repeated {
    /// Where they begin.
    pub(super) start: usize,
    pub(super) fields: Vec<Span>,
    every: usize,
    times: usize,
    /// What the first of them says where there is no value: nothing, and nines.
    nothing: Vec<String>,
}

impl Repeated {
    pub(super) fn find(places: &Places, lines: &[Vec<char>]) -> Option<Self> {
        let length = places.0.len();
        let mut found = (2..=WIDEST.min(length / TIMES)).find_map(|every| Self::at(places, every))?;
        found.nothing.extend(found.nines(lines));
        Some(found)
    }

    /// Values of the first field that are nothing but nines, of which there are some in every file with gaps.
    fn nines(&self, lines: &[Vec<char>]) -> BTreeSet<String> {
        let Some(Span(first)) = self.fields.first() else { return BTreeSet::new() };
        let places = (0..self.times).map(|time| first.start + time * self.every..first.end + time * self.every);
        let texts = places.flat_map(|place| lines.iter().filter_map(move |line| line.get(place.clone())));
        let texts = texts.map(|text| text.iter().collect::<String>().trim().to_owned());
        let is_nines =
            |text: &String| text.len() > 2 && text.trim_start_matches(['+', '-']).bytes().all(|byte| byte == b'9');
        texts.filter(is_nines).collect()
    }

    fn at(places: &Places, every: usize) -> Option<Self> {
        let length = places.0.len();
        let distance = |at: usize| Some(places.0.get(at)?.distance(*places.0.get(at + every)?));
        // As far to the front as places are like those behind them, a group at a time.
        let mut times = 1;
        while let Some(start) = length.checked_sub((times + 1) * every) {
            let unlike: f64 = (start..start + every).filter_map(distance).sum();
            #[expect(clippy::cast_precision_loss, reason = "a few places")]
            let mean = unlike / every as f64;
            if mean > ALIKE {
                break;
            }
            times += 1;
        }
        let start = length - times * every;
        let group = places.0.get(start..start + every)?;
        let differs = group.iter().any(|one| group.iter().any(|other| one.distance(*other) > UNLIKE));
        let fields = places.fields(start, start + every);
        (times >= TIMES && differs && !fields.is_empty()).then(|| Self {
            start,
            fields,
            every,
            times,
            nothing: vec![String::new()],
        })
    }

    pub(super) fn describe(&self, shape: &mut Shape) {
        let named = |at: usize| if at == 0 { "value".to_owned() } else { format!("value_{}", at + 1) };
        let values =
            self.fields.iter().enumerate().map(|(at, span)| format!("{} = {}", named(at), quoted(&span.to_string())));
        let values = values.collect::<Vec<_>>().join(", ");
        shape.format.push(format!(
            "\n[format.unpivot]  # GUESS: from character {} on the same fields stand {} times",
            self.start + 1,
            self.times
        ));
        shape.format.push("label = \"number\"  # 1, 2, …: say what it counts, such as days".to_owned());
        shape.format.push(format!("values = {{ {values} }}"));
        shape.format.push(format!("every = {}", self.every));
        shape.format.push(format!("times = {}", self.times));
        let nothing: Vec<_> = self.nothing.iter().map(|text| quoted(text)).collect();
        shape.format.push(format!("skip = [{}]  # GUESS: what stands where there is no value", nothing.join(", ")));
        shape.columns.push(Place::new("number".to_owned()));
        shape.columns.extend((0..self.fields.len()).map(|at| Place::new(named(at))));
    }
}
