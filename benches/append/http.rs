//! The same commands over HTTP, on loopback: what the door costs.
//!
//! A departure is recorded in process; the exit interview goes through the router: token, permissions, receipt, body,
//! command, reply. It is held against the same command in process.

use std::sync::{Arc, OnceLock};

use okaeri::identity::Role;
use okaeri::serve;
use uuid::Uuid;

use crate::cluster::Cluster;
use crate::loopback::Loopback;
use crate::measure::{Contestant, Doing};
use crate::ours::{EMPLOYER, MASTER, Ours, ReadSide};
use crate::work::{Departures, Turn, exit_interview};

/// The engine behind its router.
pub struct OverHttp {
    engine: Ours<Departures>,
    door: OnceLock<(Loopback, String)>,
}

impl OverHttp {
    /// On the shared server.
    pub fn on_postgres(cluster: &Arc<Cluster>, read_side: ReadSide) -> Self {
        Self { engine: Ours::on_postgres(cluster, read_side), door: OnceLock::new() }
    }

    fn door(&self) -> &(Loopback, String) {
        self.door.get().expect("it is open")
    }
}

impl Contestant for OverHttp {
    fn name(&self) -> String {
        self.engine.name().replace("ours", "ours over HTTP")
    }

    fn open(&mut self) -> Doing<'_, ()> {
        Box::pin(async {
            self.engine.open().await;
            let dispatcher = Arc::clone(self.engine.dispatcher());
            let loopback = Loopback::serve(dispatcher, serve::trial_key(&MASTER)).await;
            let bearer = loopback.bearer("suzuki", EMPLOYER, Role::PeopleOps);
            assert!(self.door.set((loopback, bearer)).is_ok(), "opened twice");
        })
    }

    fn send(&self, turn: Turn, id: Uuid) -> Doing<'_, ()> {
        match turn {
            Turn::First => self.engine.send(turn, id),
            Turn::Second => Box::pin(async move {
                let ((loopback, bearer), body) = (self.door(), exit_interview());
                let request = format!(
                    "POST /v1/departures/{id}/record-exit-interview HTTP/1.1\r\nhost: bench\r\n{bearer}\r\n\
                     idempotency-key: {id}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                loopback.ask(&request).await;
            }),
        }
    }

    fn settle(&self) -> Doing<'_, ()> {
        self.engine.settle()
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {
            self.door().0.close();
            self.engine.close().await;
        })
    }
}
