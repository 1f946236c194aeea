//! Logs and metrics, both without personal data.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tracing_subscriber::EnvFilter;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ModelLabels {
    employer: String,
    model: String,
}

/// What `/metrics` shows. Cloning shares it.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    waiting: Gauge,
    events_read: Counter,
    behind: Family<ModelLabels, Gauge>,
    stopped: Family<ModelLabels, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("okaeri");
        let requests = Family::default();
        let seconds = Family::<RouteLabels, Histogram>::new_with_constructor(|| {
            Histogram::new(exponential_buckets(0.0005, 2.0, 16))
        });
        let (waiting, behind, stopped) = (Gauge::default(), Family::default(), Family::default());
        let events_read = Counter::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to answer", seconds.clone());
        registry.register("appends_waiting", "Commands waiting to be recorded", waiting.clone());
        registry.register("events_read", "Events read for commands and readers", events_read.clone());
        registry.register("model_behind_events", "Events that a read model has not folded yet", behind.clone());
        registry.register("model_stopped", "1 where a read model stopped at an event it cannot read", stopped.clone());
        Self { registry: Arc::new(registry), requests, seconds, waiting, events_read, behind, stopped }
    }
}

impl Metrics {
    /// Counts an answered request.
    pub fn request(&self, method: &str, route: &str, status: u16, elapsed: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        self.seconds
            .get_or_create(&RouteLabels { method: method.clone(), route: route.clone() })
            .observe(elapsed.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { method, route, status: u32::from(status) }).inc();
    }

    /// How many commands wait.
    pub fn waiting(&self, commands: usize) {
        self.waiting.set(i64::try_from(commands).unwrap_or(i64::MAX));
    }

    /// How many events have been read in all.
    pub fn events_read(&self, events: u64) {
        self.events_read.inc_by(events.saturating_sub(self.events_read.get()));
    }

    /// How far a model is behind, and whether it stopped.
    pub fn model(&self, employer: &str, model: &str, behind: i64, stopped: bool) {
        let labels = ModelLabels { employer: employer.to_owned(), model: model.to_owned() };
        self.behind.get_or_create(&labels).set(behind);
        self.stopped.get_or_create(&labels).set(i64::from(stopped));
    }

    /// The Prometheus text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        if text::encode(&mut out, &self.registry).is_err() {
            out.clear();
        }
        out
    }
}

/// Starts logging to standard error: JSON lines, or readable ones on a terminal.
pub fn start_logging(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if terminal { logger.try_init() } else { logger.json().with_span_list(false).try_init() };
}
