//! The program as a whole: started as a process, used over HTTP and by its command line, on both stores.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

pub mod client;
pub mod needles;
pub mod people;
pub mod server;
pub mod sql_views;
pub mod steps;

mod demo;
mod erasure;
mod every_form;
mod import;
mod live;
mod logs;
mod long_story;
mod nodes;
mod permissions;
mod restart;
mod schema;
mod shutdown;
mod store_away;

/// Makes two tests of a `fn name(kind: StoreKind)`: `name::sqlite` and `name::postgres`.
macro_rules! served_by_both_stores {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                use $crate::support::StoreKind;

                #[test]
                fn sqlite() {
                    super::$name(StoreKind::Sqlite);
                }

                #[test]
                fn postgres() {
                    super::$name(StoreKind::Postgres);
                }
            }
        )+
    };
}
pub(crate) use served_by_both_stores;
