//! Renders the table as a page of the reference.

use std::fmt::Write;

use super::{Access, Grant, Role, Route};

const HEAD: &str = "# Permissions

Made from `permissions.toml`, which the program reads at start; what is not listed here is denied.

| sign | meaning |
|---|---|
| ✓ | may |
| own | may where it is about the caller, or the caller's own |
| assigned | may where the case is assigned to the caller or lies in their line |
| not_conflicted | may where no conflict of interest is recorded |
| – | may not: `403 forbidden` |
| † | needs a natural person: a service, or a call with `On-Behalf-Of`, gets `403 natural_person_required` |
| ‡ | exists in trial ledgers only |

A caller with several roles has the most permissive of them. The role may also narrow what a reply shows.
A collection's history is open to a role that may read histories and that collection's single items.
";

pub(super) fn page(routes: &[Route]) -> String {
    let mut page = HEAD.to_owned();
    let (public, by_role): (Vec<&Route>, Vec<&Route>) = routes.iter().partition(|route| route.access == Access::Public);
    if !public.is_empty() {
        page.push_str("\n## Without a token\n\n");
        for route in &public {
            line(&mut page, format_args!("- `{route}`{}", marks(route)));
        }
    }
    for section in by_role.chunk_by(|one, next| section(one) == section(next)) {
        let name = section.first().map_or("", |route| self::section(route));
        line(&mut page, format_args!("\n## {name}\n"));
        rows(&mut page, section);
        notes(&mut page, section);
    }
    page
}

/// The collection: `/v1/members/{id}/leave` and `/v1/members` are both of `members`.
fn section(route: &Route) -> &str {
    let path = route.path.strip_prefix("/v1").unwrap_or(&route.path);
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn rows(page: &mut String, routes: &[&Route]) {
    let heads: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    line(page, format_args!("| route | {} |", heads.join(" | ")));
    line(page, format_args!("|---|{}", ":-:|".repeat(heads.len())));
    for route in routes {
        let cells: Vec<_> = Role::ALL.iter().map(|role| cell(route, *role)).collect();
        line(page, format_args!("| `{route}`{} | {} |", marks(route), cells.join(" | ")));
    }
}

fn cell(route: &Route, role: Role) -> String {
    let grants = match &route.access {
        Access::Public => return "✓".to_owned(),
        Access::Roles(grants) => grants,
    };
    match grants.iter().find(|grant| grant.role == role) {
        None => "–".to_owned(),
        Some(Grant { when, .. }) if when.is_empty() => "✓".to_owned(),
        Some(Grant { when, .. }) => when.iter().map(|condition| condition.as_str()).collect::<Vec<_>>().join(" and "),
    }
}

fn marks(route: &Route) -> String {
    let mut marks = String::new();
    if route.natural_person {
        marks.push_str(" †");
    }
    if route.trial_only {
        marks.push_str(" ‡");
    }
    marks
}

fn notes(page: &mut String, routes: &[&Route]) {
    let mut first = true;
    for route in routes {
        if let Some(why) = &route.why {
            let gap = if std::mem::take(&mut first) { "\n" } else { "" };
            line(page, format_args!("{gap}- `{route}`: {why}"));
        }
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{text}");
}
