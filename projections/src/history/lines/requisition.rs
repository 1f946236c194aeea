//! The sentences about a requisition.

use aggregates::requisition::{LiveCases, RequisitionEvent};

use super::{Line, told};

/// Special consideration for whoever left for childcare or care (育児・介護休業法27条).
const RETURNERS: &str = "LAB-02";

pub(super) fn line(what: &RequisitionEvent) -> Line {
    use RequisitionEvent as E;
    match what {
        E::Opened(_) => told("The position was opened", "求人が起票された"),
        E::Revised { .. } => told("The requisition was revised", "求人の内容が改訂された"),
        E::Published { .. } => told("The requisition was published to its audience", "求人が公開された"),
        E::ReturnersNoted { count, .. } => told(
            format!("{count} leavers for childcare or care who wish to return were found"),
            format!("育児・介護で退職し復職を希望する方が{count}名見つかった"),
        )
        .rule(RETURNERS)
        .basis("育児・介護休業法27条"),
        E::SeatFilled { .. } => told("Somebody came back on one of its seats", "再入社により1名が充足した"),
        E::Closed { because, live_cases, note, .. } => match live_cases {
            LiveCases::None => told("The requisition was closed", "求人が終了した"),
            LiveCases::Cancelled => told(
                "The requisition was closed; its live applications were cancelled",
                "求人が終了し、選考中の応募は取り止めとなった",
            ),
        }
        .code(because.into())
        .words(note.as_ref()),
    }
}
