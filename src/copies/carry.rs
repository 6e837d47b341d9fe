//! Carrying a whole set of books from one engine to the other.

use aws_lc_rs::digest::{SHA256, digest};

use super::{CopyError, Progress, Stage, checking};
use crate::audit;
use crate::db::carry::{self, BATCH, Row, Table};
use crate::db::{Conn, Db, Url, Use, migrate};

/// What a table holds, whatever the order of its rows: how many there are, and the sum of their
/// hashes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Content {
    rows: u64,
    sum: u128,
}

impl Content {
    fn add(&mut self, row: &Row) -> Result<(), serde_json::Error> {
        let hash = digest(&SHA256, &serde_json::to_vec(row)?);
        let half = hash.as_ref().first_chunk().copied().unwrap_or_default();
        self.rows = self.rows.saturating_add(1);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
        Ok(())
    }
}

/// What was carried.
#[derive(Debug)]
pub struct Carried {
    /// Tables.
    pub tables: usize,
    /// Rows of all of them.
    pub rows: u64,
    /// What `verify` said of the copy.
    pub report: audit::Report,
}

/// Copies the books at `from`, as they stand now, into the empty database at `to`, of the other
/// engine, which is migrated first.
///
/// The source is read in one snapshot, so a server may go on writing there: what it writes later
/// is not in the copy. At the target all of it is one transaction, which ends only after the
/// content of every table was compared with the source and `verify` found no difference.
///
/// # Errors
/// [`CopyError`]; the target is then as empty as it was.
pub fn carry(
    from: &Url,
    to: &Url,
    progress: &mut dyn FnMut(Progress),
) -> Result<Carried, CopyError> {
    if matches!(from, Url::Sqlite(_)) == matches!(to, Url::Sqlite(_)) {
        return Err(CopyError::SameEngine);
    }
    migrate::check(&mut Conn::open(from, Use::Write)?)?;
    let mut target = Conn::open(to, Use::Write)?;
    migrate::run(&mut target)?;
    Db::open(from)?.read(|source| {
        carry::be_patient(source)?;
        let tables = carry::tables(source)?;
        refuse_other_tables(&tables, &carry::tables(&mut target)?)?;
        carry::all_or_nothing(&mut target, |target| {
            carry::be_patient(target)?;
            carry::open_for_rows(target, &tables)?;
            carry::take_away_fresh_books(target)?;
            fill(source, target, &tables, progress)
        })
    })
}

/// Both have the same tables where both have the same migrations, unless somebody made more.
fn refuse_other_tables(source: &[Table], target: &[Table]) -> Result<(), CopyError> {
    let pairs = [(source, target), (target, source)];
    let mut only = pairs.iter().flat_map(|(one, other)| {
        let missing = one.iter().filter(|table| !other.contains(table));
        missing.map(|table| table.name.clone())
    });
    only.next()
        .map_or(Ok(()), |name| Err(CopyError::OtherTable(name)))
}

fn fill(
    source: &mut Conn,
    target: &mut Conn,
    tables: &[Table],
    progress: &mut dyn FnMut(Progress),
) -> Result<Carried, CopyError> {
    let mut total = 0_u64;
    for table in tables {
        if table.count(target)? > 0 {
            return Err(CopyError::NotEmpty(table.name.clone()));
        }
        total = total.saturating_add(table.count(source)?);
    }
    let mut telling = Telling {
        progress,
        stage: Stage::Carrying,
        done: 0,
        total,
    };
    let mut sent = Vec::with_capacity(tables.len());
    for table in tables {
        sent.push(send(source, target, table, &mut telling)?);
    }
    carry::close_for_rows(target)?;
    telling.begin(Stage::Comparing);
    for (table, sent) in tables.iter().zip(&sent) {
        let mut arrived = Content::default();
        table.rows(target, |row| {
            arrived.add(&row)?;
            telling.one_more();
            Ok::<_, CopyError>(())
        })?;
        if arrived != *sent {
            return Err(CopyError::Miscarried(table.name.clone()));
        }
    }
    let report = audit::verify(target, &mut checking(progress))?;
    if !report.is_clean() {
        return Err(CopyError::Differs(Box::new(report)));
    }
    let rows = sent.iter().map(|content| content.rows).sum();
    Ok(Carried {
        tables: tables.len(),
        rows,
        report,
    })
}

/// Sends a table over, a batch at a time.
fn send(
    source: &mut Conn,
    target: &mut Conn,
    table: &Table,
    telling: &mut Telling<'_>,
) -> Result<Content, CopyError> {
    let (mut content, mut batch) = (Content::default(), Vec::with_capacity(BATCH));
    table.rows(source, |row| {
        content.add(&row)?;
        batch.push(row);
        telling.one_more();
        if batch.len() == BATCH {
            table.insert(target, &batch)?;
            batch.clear();
        }
        Ok::<_, CopyError>(())
    })?;
    if !batch.is_empty() {
        table.insert(target, &batch)?;
    }
    Ok(content)
}

/// Tells how many rows are done.
struct Telling<'a> {
    progress: &'a mut dyn FnMut(Progress),
    stage: Stage,
    done: u64,
    total: u64,
}

impl Telling<'_> {
    fn begin(&mut self, stage: Stage) {
        (self.stage, self.done) = (stage, 0);
    }

    fn one_more(&mut self) {
        self.done = self.done.saturating_add(1);
        let Self {
            stage, done, total, ..
        } = *self;
        (self.progress)(Progress { stage, done, total });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_apart_but_not_by_the_order_of_rows() {
        let content = |rows: &[[Option<&str>; 2]]| {
            let mut content = Content::default();
            for row in rows {
                let row = row.map(|value| value.map(str::to_owned)).to_vec();
                content.add(&row).unwrap();
            }
            content
        };
        let (one, two) = ([Some("a"), None], [Some("b"), Some("")]);
        assert_eq!(content(&[one, two]), content(&[two, one]));
        for other in [
            [Some("a"), Some("")],
            [None, Some("a")],
            [Some("a\0"), None],
        ] {
            assert_ne!(content(&[one, two]), content(&[other, two]));
        }
        assert_ne!(content(&[one, one]), content(&[one]));
    }
}
