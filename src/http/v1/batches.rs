//! What batches have in common on the wire: items that stand or fall each for itself, and one
//! answer that tells what became of each.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::desk::batch::Settled;
use crate::desk::{Answer, BatchMode, Command, Many, Request};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError, Problem};
use crate::http::respond;
use crate::http::state::State;
use crate::http::v1::payouts::dto::StatusWire;
use crate::http::wire::{Choice, Each, Faults};
use crate::payouts::model::Payout;
use crate::refusal::Refusal;

/// What becomes of a batch when one of its items is refused.
pub type ModeWire = Choice<BatchMode>;

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "mode": "continue", "done": 1, "refused": 1,
    "outcomes": [
        {"index": 0, "problem": null,
         "record": {"id": "0184f0c5a0007a3c8f5e0d6b2c1a9e47-2", "status": "approved", "version": 1}},
        {"index": 1, "record": null,
         "problem": {"type": "/problems/insufficient_available",
             "title": "Not enough is available", "status": 409,
             "detail": "300000 won are needed and 120000 are available.",
             "instance": "/v1/disbursements/batch", "code": "insufficient_available"}}
    ]
}))]
pub struct BatchView {
    /// What was to become of it when an item is refused.
    pub mode: ModeWire,
    /// How many items were done.
    pub done: usize,
    /// How many were refused.
    pub refused: usize,
    /// What became of each item, in their order.
    pub outcomes: Vec<OutcomeView>,
}

/// What became of one item: it has a record or a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// What it is now.
    #[schema(required)]
    pub record: Option<RecordView>,
    /// Why it was refused.
    #[schema(required)]
    pub problem: Option<Problem>,
}

/// A record after a batch: what is needed to go on with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: StatusWire,
    /// Its version, for `If-Match`.
    pub version: i32,
}

impl RecordView {
    /// What is shown of a record.
    #[must_use]
    pub fn of(payout: &Payout) -> Self {
        Self {
            id: payout.id.to_string(),
            status: Choice(payout.status),
            version: payout.version,
        }
    }
}

/// The items of a batch: those that can be asked for, and those that are refused as they stand.
pub struct Sorted<T> {
    items: Vec<T>,
    places: Vec<usize>,
    refused: BTreeMap<usize, Refusal>,
}

impl<T> Sorted<T> {
    /// Sorts the items of a body.
    ///
    /// # Errors
    /// Every wrong field of all items where all have to be right.
    pub fn of<const MAX: usize>(items: Each<T, MAX>, mode: BatchMode) -> Result<Self, ApiError> {
        let mut sorted = Self {
            items: Vec::new(),
            places: Vec::new(),
            refused: BTreeMap::new(),
        };
        let mut faults = Faults::default();
        for (place, item) in items.0.into_iter().enumerate() {
            match item {
                Ok(item) => {
                    sorted.items.push(item);
                    sorted.places.push(place);
                }
                Err(wrong) if mode == BatchMode::Atomic => faults.append(wrong),
                Err(wrong) => {
                    sorted
                        .refused
                        .insert(place, Refusal::Fields(wrong.into_vec()));
                }
            }
        }
        if faults.is_empty() {
            Ok(sorted)
        } else {
            Err(faults.into())
        }
    }

    /// Takes the items out, to be turned into commands of the same order.
    pub fn take(&mut self) -> Vec<T> {
        std::mem::take(&mut self.items)
    }

    /// Says that there are so many commands after all, where they were not named one by one.
    pub fn number(&mut self, commands: usize) {
        if self.places.is_empty() && self.refused.is_empty() {
            self.places = (0..commands).collect();
        }
    }

    /// Asks the write door for these commands, made of the items in their order.
    ///
    /// # Errors
    /// As [`State::record`]; `batch_refused` where all or nothing was asked for.
    pub async fn record<C: Command>(
        self,
        state: &State,
        request: Request<Many<C>>,
        asked: (Lang, &str),
        view: fn(&C::Done) -> RecordView,
    ) -> Answered {
        let (mode, dry_run) = (request.command.mode, request.dry_run);
        let (lang, path) = (asked.0, asked.1.to_owned());
        let (places, refused) = (self.places.clone(), self.refused);
        let combine = move |settled: Vec<Settled>| {
            let mut parts: BTreeMap<usize, Settled> = places.iter().copied().zip(settled).collect();
            parts.extend(refused.iter().map(|(at, why)| (*at, Err(why.clone()))));
            respond::as_asked(combined(mode, parts, lang, &path), dry_run)
        };
        if request.command.commands.is_empty() {
            return Ok(respond::answer(combine(Vec::new())));
        }
        let places = self.places;
        let render = move |item: usize, done: &C::Done| {
            respond::bytes(&OutcomeView {
                index: places.get(item).copied().unwrap_or(item),
                record: Some(view(done)),
                problem: None,
            })
        };
        let answer = state.door.write_many(request, render, combine).await?;
        Ok(respond::answer(answer))
    }
}

/// The answer of which these are the parts, by their places.
fn combined(mode: BatchMode, parts: BTreeMap<usize, Settled>, lang: Lang, path: &str) -> Answer {
    let refused = parts.values().filter(|part| part.is_err()).count();
    let done = parts.len().saturating_sub(refused);
    let mut body =
        format!("{{\"mode\":\"{mode}\",\"done\":{done},\"refused\":{refused},\"outcomes\":[")
            .into_bytes();
    for (index, part) in parts {
        if index > 0 {
            body.push(b',');
        }
        body.extend(part.unwrap_or_else(|refusal| {
            let error = ApiError::from(refusal.below(&format!("/items/{index}")));
            respond::bytes(&OutcomeView {
                index,
                record: None,
                problem: Some(Problem::of(&error, lang, path)),
            })
        }));
    }
    body.extend_from_slice(b"]}");
    respond::whole(body)
}
