//! The SQL views that PostgreSQL offers to other programs: a stable interface over documents whose own form may change.
//!
//! A column is never taken away, renamed or retyped in a version of a view; new ones come at the end. Whoever reads them is
//! given `select` on the view alone, and keeps to one employer.

use std::fmt::Write as _;

use super::documents::TableId;

/// A column: its name, its type, the expression over a document, and what it says.
type Column = (&'static str, &'static str, &'static str, &'static str);

/// A view over the documents of one read model.
pub(super) struct View {
    name: &'static str,
    about: &'static str,
    model: &'static str,
    kept: &'static str,
    columns: &'static [Column],
}

const VIEWS: [View; 2] = [
    View {
        name: "pipeline_v1",
        about: "Every case that is going on, one row each (選考パイプライン): what `GET /v1/pipeline` lists.",
        model: "pipeline",
        kept: "by_live = 'yes'",
        columns: &[
            ("employer", "text", "employer", "Whose row it is."),
            ("application_id", "uuid", "id", "The case."),
            ("state", "text", "by_state", "Where it stands."),
            ("stage", "text", "document ->> 'stage'", "The furthest stage."),
            ("stage_since", "date", "document ->> 'stage_since'", "The local day since which it is in its state."),
            ("on_hold", "boolean", "by_on_hold = 'yes'", "Whether it rests."),
            ("owner", "uuid", "by_owner", "The account that owns it."),
            ("recruiter", "uuid", "by_recruiter", "The recruiter in charge."),
            ("hiring_manager", "uuid", "by_hiring_manager", "The manager who hires."),
            ("requisition_id", "uuid", "by_requisition_id", "The position."),
            ("legal_entity", "text", "by_legal_entity", "The entity that hires."),
            ("channel", "text", "by_channel", "How it came in."),
            ("person_id", "uuid", "by_person_id", "The human being."),
            ("member_id", "uuid", "document ->> 'member_id'", "Their membership."),
            ("referral_id", "uuid", "document ->> 'referral_id'", "The referral it is credited to."),
            ("submitted_on", "date", "document ->> 'submitted_on'", "The local day on which it was handed in."),
            (
                "first_answer_due",
                "date",
                "document ->> 'first_answer_due'",
                "By when a first answer is due; none once given.",
            ),
            ("stage_due", "date", "document ->> 'stage_due'", "By when the present stage ends."),
            (
                "result_due",
                "date",
                "document ->> 'result_due'",
                "By when a result is due; none once an offer is accepted.",
            ),
            ("due_on", "date", "document ->> 'due_on'", "The earliest of them."),
            ("offer_id", "uuid", "by_offer_id", "The latest offer."),
            ("offer_state", "text", "document -> 'offer' ->> 'state'", "How far that offer has come."),
            (
                "offer_expires_at",
                "timestamptz",
                "document -> 'offer' ->> 'expires_at'",
                "When it cannot be accepted any more.",
            ),
            ("version", "bigint", "version", "The last sequence of the application's stream."),
            ("position", "bigint", "document ->> 'position'", "The last event that the row shows."),
        ],
    },
    View {
        name: "reward_payables_v1",
        about: "Every tranche of a referral reward whose milestone has a month, one row each: what `GET /v1/reward-payables` \
                lists. Only rows whose `state` is `approved` are to be paid, and each `reward_id` once.",
        model: "rewards",
        kept: "by_period is not null",
        columns: &[
            ("employer", "text", "employer", "Whose row it is."),
            ("reward_id", "uuid", "id", "By which payments are told apart."),
            ("state", "text", "by_state", "How far it has come."),
            ("legal_entity", "text", "by_legal_entity", "The entity that pays."),
            ("employee_number", "text", "document ->> 'payee_employee_number'", "Of whoever is paid."),
            ("tranche", "integer", "document ->> 'tranche'", "Which tranche, from 1."),
            ("item_code", "text", "document #>> '{plan,terms,payroll,item_code}'", "The item of the payslip."),
            ("amount", "bigint", "document -> 'amount' ->> 'amount'", "In the smallest unit of the currency."),
            ("currency", "text", "document -> 'amount' ->> 'currency'", "ISO 4217."),
            (
                "social_insurance",
                "text",
                "document #>> '{plan,terms,payroll,social_insurance}'",
                "As what social insurance takes it.",
            ),
            ("clause", "text", "document #>> '{plan,terms,clause}'", "The clause of the wage rules that owes it."),
            ("due_on", "date", "document ->> 'due_on'", "The day on which it falls due."),
            ("period", "text", "by_period", "Its month, `YYYY-MM`."),
            ("position", "bigint", "document ->> 'position'", "The last event that the row shows."),
        ],
    },
];

impl View {
    /// The statement that makes or renews it over a model's table.
    fn statement(&self, table: &str) -> String {
        let mut columns = String::new();
        for (name, kind, expression, _) in self.columns {
            let comma = if columns.is_empty() { "" } else { ", " };
            let _ = write!(columns, "{comma}({expression})::{kind} as {name}");
        }
        format!(
            "create or replace view {} as select {columns} from (select *, body::json as document from {table}) d where {}",
            self.name, self.kept
        )
    }
}

/// The statements that make the views over a model's table.
pub(super) fn statements(table: &TableId) -> impl Iterator<Item = String> {
    VIEWS.iter().filter(|view| view.model == table.name).map(|view| view.statement(&table.table()))
}

/// The views as a page of the reference (`docs/reference/sql-views.md`).
pub fn markdown() -> String {
    let mut page = String::from(
        "# SQL views\n\nOn PostgreSQL the program keeps these views for reports and payroll. They are a stable interface: \
         within a version no column is taken away, renamed or retyped, and new ones come at the end; the tables beneath \
         them are the program's own and change. A row may be a moment behind the log (`position` says how far it is).\n\n\
         Give a reader `select` on a view and nothing else, and let them keep to one `employer`. The views hold no personal \
         data, only ids.\n",
    );
    for view in &VIEWS {
        let _ = write!(page, "\n## `{}`\n\n{}\n\n| Column | Type | |\n|---|---|---|\n", view.name, view.about);
        for (name, kind, _, says) in view.columns {
            let _ = writeln!(page, "| `{name}` | `{kind}` | {says} |");
        }
    }
    page
}
