//! Bodies of unknown length that nobody reads to their end.
//!
//! actix goes on to read a chunked body whose reader is gone, for as long as the sender pleases.
//! Where the reader is still there when the answer leaves, it closes the connection within the
//! time that `Limits::close_time` gives. So the answer holds on to the body until it has left.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::web::Bytes;
use futures_util::StreamExt;
use futures_util::stream::poll_fn;

/// The body of a request, shared by its reader and its answer.
pub struct Unread(Option<Rc<RefCell<Payload>>>);

impl Unread {
    /// Shares the body of a request, where it is one of unknown length.
    pub fn of(request: &mut ServiceRequest) -> Self {
        if !request.chunked().unwrap_or(false) {
            return Self(None);
        }
        let body = Rc::new(RefCell::new(request.take_payload()));
        let shared = Rc::clone(&body);
        let reader = poll_fn(move |context| match shared.try_borrow_mut() {
            Ok(mut body) => body.poll_next_unpin(context),
            Err(_in_use) => Poll::Ready(None),
        });
        request.set_payload(Payload::from(reader.boxed_local()));
        Self(Some(body))
    }

    /// Lets the answer hold on to the body.
    #[must_use]
    pub fn until_left(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        match self.0 {
            None => response,
            Some(unread) => response.map_body(|_, body| {
                BoxBody::new(Holding {
                    body,
                    _unread: unread,
                })
            }),
        }
    }
}

struct Holding {
    body: BoxBody,
    _unread: Rc<RefCell<Payload>>,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
