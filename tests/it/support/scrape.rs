//! Reads what `/metrics` tells, and takes nothing that the OpenMetrics format does not allow.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// A series: its name, and its labels in their order.
pub type Series = (String, Vec<(String, String)>);

/// Every sample, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrape(pub BTreeMap<Series, String>);

impl Scrape {
    /// Reads a whole exposition.
    #[track_caller]
    pub fn read(text: &str) -> Self {
        let lines = text
            .strip_suffix("# EOF\n")
            .expect("it ends with an end of file");
        let (mut samples, mut families) = (BTreeMap::new(), BTreeMap::new());
        let mut family = String::new();
        for line in lines.split_terminator('\n') {
            if let Some(about) = line.strip_prefix("# ") {
                let [what, name, said] = about.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                    panic!("a comment that is none: {line}");
                };
                match what {
                    "HELP" => {
                        assert!(said.ends_with('.') && !said.ends_with(".."), "{line}");
                        let new = families.insert(name.to_owned(), String::new()).is_none();
                        assert!(new, "told twice: {line}");
                        name.clone_into(&mut family);
                    }
                    "TYPE" => {
                        assert_eq!(name, family, "{line}");
                        said.clone_into(families.get_mut(name).unwrap());
                    }
                    "UNIT" => assert!(name == family && name.ends_with(&format!("_{said}"))),
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (series, value) = line.rsplit_once(' ').unwrap();
            let series = read_series(series);
            let suffixes: &[&str] = match families[&family].as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "info" => &["_info"],
                "histogram" => &["_bucket", "_sum", "_count"],
                other => panic!("{other}"),
            };
            let own = |suffix: &&str| series.0 == format!("{family}{suffix}");
            assert!(suffixes.iter().any(own), "not of {family}: {line}");
            assert!(number(value).unwrap() >= Decimal::ZERO, "{line}");
            assert!(samples.insert(series, value.to_owned()).is_none(), "{line}");
        }
        let scrape = Self(samples);
        scrape.buckets_rise();
        scrape
    }

    /// The whole number of a series, named as it is written; nought where there is none.
    #[track_caller]
    pub fn count(&self, series: &str) -> u64 {
        let value = self.0.get(&read_series(series));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// The series of counters and counts that rose since, and by how much.
    pub fn risen_since(&self, before: &Self) -> BTreeMap<String, u64> {
        let counts = self
            .0
            .iter()
            .filter(|((name, _), _)| name.ends_with("_total") || name.ends_with("_count"));
        let mut risen = BTreeMap::new();
        for (series, value) in counts {
            let earlier = before.0.get(series).map_or("0", String::as_str);
            let by = value.parse::<u64>().unwrap() - earlier.parse::<u64>().unwrap();
            if by > 0 {
                risen.insert(written(series), by);
            }
        }
        risen
    }

    /// Every label there is, with its value.
    pub fn labels(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.keys().flat_map(|(_, labels)| labels)
    }

    /// Each bucket holds those below it, and the last one holds all.
    fn buckets_rise(&self) {
        let mut histograms: BTreeMap<String, Vec<(Decimal, u64)>> = BTreeMap::new();
        for ((name, labels), value) in &self.0 {
            let Some(name) = name.strip_suffix("_bucket") else {
                continue;
            };
            let (ends, rest): (Vec<_>, Vec<_>) =
                labels.iter().cloned().partition(|(label, _)| label == "le");
            let end = match ends[0].1.as_str() {
                "+Inf" => Decimal::MAX,
                end => number(end).unwrap(),
            };
            let count = written(&(format!("{name}_count"), rest));
            histograms
                .entry(count)
                .or_default()
                .push((end, value.parse().unwrap()));
        }
        for (count, mut buckets) in histograms {
            buckets.sort();
            assert!(buckets.is_sorted_by_key(|bucket| bucket.1), "{count}");
            let last = buckets.last().unwrap();
            assert!(last.0 == Decimal::MAX && buckets.len() > 10, "{count}");
            assert_eq!(last.1, self.count(&count), "{count}");
        }
    }
}

/// A number as it is written; small ones have an exponent.
pub fn number(text: &str) -> Option<Decimal> {
    let plain = text.parse().ok();
    plain.or_else(|| Decimal::from_scientific(text).ok())
}

/// A series as it is written.
fn written((name, labels): &Series) -> String {
    if labels.is_empty() {
        return name.clone();
    }
    let labels = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""));
    format!("{name}{{{}}}", labels.collect::<Vec<_>>().join(","))
}

#[track_caller]
fn read_series(text: &str) -> Series {
    let plain = |name: &str| {
        let good = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        assert!(!name.is_empty() && name.bytes().all(good), "{text}");
        name.to_owned()
    };
    let Some((name, labels)) = text.split_once('{') else {
        return (plain(text), Vec::new());
    };
    let labels = labels.strip_suffix('}').unwrap();
    let label = |label: &str| {
        let (name, value) = label.split_once("=\"").unwrap();
        let value = value.strip_suffix('"').unwrap();
        assert!(!value.contains(['"', '\\', '\n']), "{text}");
        (plain(name), value.to_owned())
    };
    (plain(name), labels.split(',').map(label).collect())
}
