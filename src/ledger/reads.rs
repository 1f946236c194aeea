//! Grouped reads: one task answers whatever commands wait to know, with one query a kind of question.
//!
//! It takes everything that waits, yields once, never waits for more: a lone question costs its own query and no more.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::append::{LOST_CONNECTIONS, is_definite};
use super::documents::{Document, TableId};
use super::{Ledger, Store, StoreError, StoredEvent, StreamKey};

/// Who holds the claims of these keys at an instant; answered by key and holder.
pub(super) struct HoldersOf {
    pub(super) employer: String,
    pub(super) scope: String,
    pub(super) keys: Vec<String>,
    pub(super) at: i64,
}

/// The documents with these ids, as they stand.
pub(super) struct DocumentsOf {
    pub(super) table: TableId,
    pub(super) employer: String,
    pub(super) ids: Vec<Uuid>,
}

/// The keys of a person.
pub(super) struct KeysOf {
    pub(super) employer: String,
    pub(super) subject: Uuid,
}

/// A key as it is stored: its id, its class, and itself under the master key.
pub(super) type KeyRow = (Uuid, String, Vec<u8>);

/// Whatever bears a token that this owner bears too, of other subjects: owner and subject.
pub(super) struct Resembling {
    pub(super) employer: String,
    pub(super) scope: String,
    pub(super) owner: Uuid,
}

/// How many questions are answered together at most.
const GROUP: usize = 256;
/// How many resembling things are told of one.
pub(super) const MOST_RESEMBLING: usize = 100;

/// A question, and where its answer goes.
struct Asked<Q, A> {
    question: Q,
    answer: oneshot::Sender<Result<Vec<A>, StoreError>>,
}

enum Job {
    Stream(Asked<StreamKey, StoredEvent>),
    Holders(Asked<HoldersOf, (String, Uuid)>),
    Documents(Asked<DocumentsOf, Document>),
    Resembling(Asked<Resembling, (Uuid, Uuid)>),
    Keys(Asked<KeysOf, KeyRow>),
}

/// The task's mailbox.
pub(super) struct Reads(mpsc::Sender<Job>);

impl Reads {
    /// Starts the task. `waiting` is how many questions may wait.
    pub(super) fn start(store: Arc<Store>, waiting: usize) -> Self {
        let (jobs, asked) = mpsc::channel(waiting);
        tokio::spawn(run(store, asked));
        Self(jobs)
    }

    async fn ask<Q, A>(&self, question: Q, job: fn(Asked<Q, A>) -> Job) -> Result<Vec<A>, StoreError> {
        let closed = || StoreError::Refused("the ledger is closed".to_owned());
        let (answer, answered) = oneshot::channel();
        self.0.send(job(Asked { question, answer })).await.map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    pub(super) async fn stream(&self, stream: StreamKey) -> Result<Vec<StoredEvent>, StoreError> {
        self.ask(stream, Job::Stream).await
    }
}

impl Ledger {
    /// Who holds each of these claims of one scope at an instant (microseconds).
    pub async fn claim_holders(
        &self,
        employer: &str,
        scope: &str,
        keys: &[String],
        at: i64,
    ) -> Result<Vec<Option<Uuid>>, StoreError> {
        if keys.is_empty() {
            return Ok(vec![]);
        }
        let (employer, scope) = (employer.to_owned(), scope.to_owned());
        let asked = HoldersOf { employer, scope, keys: keys.to_vec(), at };
        let held: HashMap<String, Uuid> = self.reads.ask(asked, Job::Holders).await?.into_iter().collect();
        Ok(keys.iter().map(|key| held.get(key).copied()).collect())
    }

    /// The documents of a model with these ids, as they stand: what is a moment old will do.
    pub async fn standing_documents(
        &self,
        table: &TableId,
        employer: &str,
        ids: Vec<Uuid>,
    ) -> Result<Vec<Document>, StoreError> {
        self.reads.ask(DocumentsOf { table: *table, employer: employer.to_owned(), ids }, Job::Documents).await
    }

    /// Other persons' things that bear a token which this one bears too: owner, subject.
    pub async fn resembling(&self, employer: &str, scope: &str, owner: Uuid) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        let asked = Resembling { employer: employer.to_owned(), scope: scope.to_owned(), owner };
        self.reads.ask(asked, Job::Resembling).await
    }

    /// The keys of a person, oldest first.
    pub(super) async fn stored_keys(&self, employer: &str, subject: Uuid) -> Result<Vec<KeyRow>, StoreError> {
        self.reads.ask(KeysOf { employer: employer.to_owned(), subject }, Job::Keys).await
    }
}

/// Answers what is asked of one kind. A connection that died while idle is replaced: a read may always be repeated.
macro_rules! answer {
    ($asked:ident, $store:ident.$read:ident) => {
        if !$asked.is_empty() {
            let questions: Vec<_> = $asked.iter().map(|asked| &asked.question).collect();
            let mut read = $store.$read(&questions).await;
            for _ in 0..LOST_CONNECTIONS {
                if !read.as_ref().is_err_and(|error| !is_definite(error)) {
                    break;
                }
                read = $store.$read(&questions).await;
            }
            hand_out($asked, read);
        }
    };
}

async fn run(store: Arc<Store>, mut asked: mpsc::Receiver<Job>) {
    while let Some(job) = asked.recv().await {
        let (mut streams, mut holders, mut documents) = (vec![], vec![], vec![]);
        let (mut resembling, mut keys) = (vec![], vec![]);
        let mut take = |job| match job {
            Job::Stream(asked) => streams.push(asked),
            Job::Holders(asked) => holders.push(asked),
            Job::Documents(asked) => documents.push(asked),
            Job::Resembling(asked) => resembling.push(asked),
            Job::Keys(asked) => keys.push(asked),
        };
        take(job);
        tokio::task::yield_now().await;
        for _ in 1..GROUP {
            match asked.try_recv() {
                Ok(job) => take(job),
                Err(_) => break,
            }
        }
        answer!(streams, store.load);
        answer!(holders, store.holders);
        answer!(documents, store.documents);
        answer!(resembling, store.resembling);
        answer!(keys, store.keys);
    }
}

fn hand_out<Q, A>(asked: Vec<Asked<Q, A>>, read: Result<Vec<Vec<A>>, StoreError>) {
    match read {
        Ok(answers) => {
            for (asked, answer) in asked.into_iter().zip(answers) {
                // Whoever went away does not wait for it.
                let _ = asked.answer.send(Ok(answer));
            }
        }
        Err(error) => {
            let text = error.to_string();
            tracing::warn!(error = %text, questions = asked.len(), "questions could not be answered");
            for asked in asked {
                let _ = asked.answer.send(Err(StoreError::Database(sqlx::Error::Protocol(text.clone()))));
            }
        }
    }
}

/// Each row's answer with the question that it belongs to, which its first column names, from 0.
pub(super) fn sorted<A>(questions: usize, rows: impl IntoIterator<Item = (i64, A)>) -> Vec<Vec<A>> {
    let mut answers: Vec<Vec<A>> = (0..questions).map(|_| Vec::new()).collect();
    for (question, answer) in rows {
        if let Some(answers) = usize::try_from(question).ok().and_then(|index| answers.get_mut(index)) {
            answers.push(answer);
        }
    }
    answers
}

/// A question's number, and an event of the stream that it asks for.
pub(super) type EventOf = (i64, i64, i64, String, i32, i64, String);

/// The events of each stream that was asked for.
pub(super) fn streams_of(questions: usize, rows: Vec<EventOf>) -> Vec<Vec<StoredEvent>> {
    let event = |(question, sequence, position, event_type, event_version, recorded_at, leaf)| {
        (question, StoredEvent { sequence, position, event_type, event_version, recorded_at, leaf })
    };
    sorted(questions, rows.into_iter().map(event))
}

/// The tables that are asked about, each once.
pub(super) fn tables(questions: &[&DocumentsOf]) -> Vec<TableId> {
    let mut tables: Vec<TableId> = Vec::new();
    for question in questions {
        if !tables.contains(&question.table) {
            tables.push(question.table);
        }
    }
    tables
}

/// Runs one method of whichever store there is.
macro_rules! of_either {
    ($store:expr, $read:ident, $questions:expr) => {
        match $store {
            Store::Postgres(store) => store.$read($questions).await,
            Store::Sqlite(store) => store.$read($questions).await,
        }
    };
}

impl Store {
    async fn load(&self, streams: &[&StreamKey]) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        of_either!(self, load, streams)
    }

    async fn holders(&self, questions: &[&HoldersOf]) -> Result<Vec<Vec<(String, Uuid)>>, StoreError> {
        of_either!(self, holders, questions)
    }

    async fn documents(&self, questions: &[&DocumentsOf]) -> Result<Vec<Vec<Document>>, StoreError> {
        of_either!(self, documents, questions)
    }

    async fn resembling(&self, questions: &[&Resembling]) -> Result<Vec<Vec<(Uuid, Uuid)>>, StoreError> {
        of_either!(self, resembling, questions)
    }

    async fn keys(&self, questions: &[&KeysOf]) -> Result<Vec<Vec<KeyRow>>, StoreError> {
        of_either!(self, keys, questions)
    }
}
