//! The rules of the table, and the table itself.

use super::*;

fn roles(roles: &[Role]) -> BTreeSet<Role> {
    roles.iter().copied().collect()
}

fn fault(text: &str) -> (usize, Fault) {
    let error = Permissions::parse(text).unwrap_err();
    (error.line, error.fault)
}

/// A row in lines 2 to 4 of a text, `extra` being line 4.
fn row(extra: &str) -> String {
    format!("[[route]]\nmethod = \"GET\"\npath = \"/a/{{id}}\"\n{extra}\n")
}

#[test]
fn a_row_grants_roles_with_and_without_conditions() {
    let table = Permissions::parse(&row(r#"allow = ["compliance", { role = "alumnus", when = "own" },
             { role = "executive", when = ["not_conflicted", "assigned"] }]"#))
    .unwrap();
    let decide = |held: &[Role]| Decision::of(table.granted("GET", "/a/{id}", &roles(held)));
    let own = Grant { role: Role::Alumnus, when: vec![Condition::Own] };
    let both = vec![Condition::Assigned, Condition::NotConflicted];
    let executive = Grant { role: Role::Executive, when: both };

    assert_eq!(decide(&[]), Decision::Denied);
    assert_eq!(decide(&[Role::Recruiter]), Decision::Denied);
    assert_eq!(decide(&[Role::Compliance]), Decision::Allowed { by: Role::Compliance });
    assert_eq!(decide(&[Role::Alumnus]), Decision::AllowedIf { any_of: vec![own.clone()] });
    let freest = decide(&[Role::Alumnus, Role::Compliance, Role::Executive]);
    assert_eq!(freest, Decision::Allowed { by: Role::Compliance });
    let either = decide(&[Role::Executive, Role::Alumnus]);
    assert_eq!(either, Decision::AllowedIf { any_of: vec![own, executive] });

    let all = roles(&[Role::Alumnus, Role::Compliance, Role::Executive, Role::Recruiter]);
    let held: Vec<Role> = table.granted("GET", "/a/{id}", &all).iter().map(|grant| grant.role).collect();
    assert_eq!(held, [Role::Compliance, Role::Alumnus, Role::Executive], "every alternative, in the table's order");
    assert_eq!(table.granted("POST", "/a/{id}", &all), []);

    assert_eq!(either.role_if(|_| false), None);
    assert_eq!(either.role_if(|condition| condition == Condition::Assigned), None);
    assert_eq!(either.role_if(|condition| condition != Condition::Own), Some(Role::Executive));
    assert_eq!(either.role_if(|_| true), Some(Role::Alumnus));
    assert_eq!(freest.role_if(|_| false), Some(Role::Compliance));
    assert_eq!(Decision::Denied.role_if(|_| true), None);
}

#[test]
fn what_is_not_in_the_table_is_denied() {
    let table = Permissions::parse(&row("allow = \"every_role\"")).unwrap();
    let everyone = roles(&Role::ALL);
    assert_ne!(Decision::of(table.granted("GET", "/a/{id}", &everyone)), Decision::Denied);
    assert_ne!(Decision::of(table.granted("HEAD", "/a/{id}", &everyone)), Decision::Denied);
    for (method, path) in [("POST", "/a/{id}"), ("DELETE", "/a/{id}"), ("get", "/a/{id}"), ("GET", "/a/1")] {
        assert_eq!(Decision::of(table.granted(method, path, &everyone)), Decision::Denied, "{method} {path}");
    }
    assert_eq!(Decision::of(table.granted("GET", "/a/{id}", &roles(&[]))), Decision::Denied);
}

#[test]
fn a_fault_is_named_with_its_line() {
    let two = |extra: &str| format!("{}\n{}", row("allow = [\"hris\"]"), row(extra));
    for (text, line, expected) in [
        (row("allow = [\"admin\"]"), 4, Fault::UnknownRole("admin".into())),
        (row("allow = [\n  \"hris\",\n  \"Hris\",\n]"), 6, Fault::UnknownRole("Hris".into())),
        (row("allow = [{ role = \"alumnus\", when = \"owner\" }]"), 4, Fault::UnknownCondition("owner".into())),
        (row("allow = [{ role = \"alumnus\", when = [] }]"), 4, Fault::EmptyWhen),
        (row("allow = [{ role = \"alumnus\" }]"), 4, Fault::MissingKey("when")),
        (row("allow = [{ when = \"own\" }]"), 4, Fault::MissingKey("role")),
        (row("allow = [{ role = \"hris\", if = \"own\" }]"), 4, Fault::UnknownKey("if".into())),
        (row("allow = [7]"), 4, Fault::Expected("a table")),
        (row("allow = []"), 4, Fault::EmptyAllow),
        (row("allow = \"everyone\""), 4, Fault::Expected("a list")),
        (row("allow = [\"hris\", \"hris\"]"), 4, Fault::DuplicateRole(Role::Hris)),
        (row("alow = [\"hris\"]"), 4, Fault::UnknownKey("alow".into())),
        (row("public = \"yes\""), 4, Fault::Expected("true or false")),
        (row(""), 1, Fault::MissingKey("allow")),
        (row("public = true\nallow = [\"hris\"]"), 1, Fault::PublicAndRestricted),
        (row("public = true\nnatural_person = true"), 1, Fault::PublicAndRestricted),
        (row("natural_person = true\nallow = [\"hris\"]"), 1, Fault::NoPersonAllowed),
        (two("public = true"), 6, Fault::DuplicateRoute("GET /a/{id}".into())),
        ("[[routes]]\n".into(), 1, Fault::UnknownKey("routes".into())),
        ("\nroute = 1\n".into(), 2, Fault::Expected("a list")),
        (String::new(), 1, Fault::NoRoutes),
        ("[[route]]\npath = \"/a\"\npublic = true".into(), 1, Fault::MissingKey("method")),
        ("[[route]]\nmethod = \"GET\"\npublic = true".into(), 1, Fault::MissingKey("path")),
        ("[[route]]\nmethod = \"PUT\"".into(), 2, Fault::UnknownMethod("PUT".into())),
    ] {
        assert_eq!(fault(&text), (line, expected), "{text}");
    }
}

#[test]
fn a_route_is_the_same_whatever_its_parameter_is_called() {
    let twice = format!("{}{}", row("public = true"), row("public = true").replace("{id}", "{x}"));
    assert_eq!(fault(&twice), (5, Fault::DuplicateRoute("GET /a/{x}".into())));
}

#[test]
fn what_is_no_path_or_no_toml_is_refused() {
    for path in ["", "a", "a/b", "/", "/a/", "//a", "/a b", "/A", "/{id", "/{}", "/a{id}", "/a?b"] {
        let text = format!("[[route]]\nmethod = \"GET\"\npublic = true\npath = \"{path}\"\n");
        assert_eq!(fault(&text), (4, Fault::BadPath(path.into())));
    }
    let (line, broken) = fault("[[route]]\nmethod = \"GET\"\npath = \n");
    assert!(line == 3 && matches!(broken, Fault::Syntax(_)), "{line} {broken:?}");
    let text = Permissions::parse(&row("allow = [\"admin\"]")).unwrap_err().to_string();
    assert_eq!(text, "permissions table, line 4: unknown role `admin`");
}

#[test]
fn the_page_shows_every_route_and_every_role() {
    let table = Permissions::parse(
        r#"
        [[route]]
        method = "GET"
        path = "/healthz"
        public = true
        [[route]]
        method = "POST"
        path = "/v1/offers/{id}/approve"
        allow = ["executive", { role = "compensation", when = ["assigned", "not_conflicted"] }]
        natural_person = true
        why = "Two people see every offer."
        "#,
    )
    .unwrap();
    let page = table.markdown();
    let tail = &page[page.find("## Without").unwrap()..];
    assert_eq!(
        tail,
        "## Without a token\n\n- `GET /healthz`\n\n## offers\n\n\
         | route | people_ops | recruiter | hiring_manager | interviewer | compensation | executive \
         | compliance | payroll | programme_admin | employee | alumnus | partner | hris \
         | payroll_system |\n\
         |---|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|\n\
         | `POST /v1/offers/{id}/approve` † | – | – | – | – | assigned and not_conflicted | ✓ \
         | – | – | – | – | – | – | – | – |\n\n\
         - `POST /v1/offers/{id}/approve`: Two people see every offer.\n"
    );
}

mod embedded {
    use super::*;

    fn table() -> Permissions {
        Permissions::embedded().unwrap()
    }

    fn may(role: Role, method: &str, path: &str) -> bool {
        Decision::of(table().granted(method, path, &roles(&[role]))) != Decision::Denied
    }

    /// The collections of the contract that exist, each with its commands on an id.
    const COLLECTIONS: [(&str, &[&str]); 15] = [
        ("employments", &["correct", "transfer", "end"]),
        ("persons", &["link", "unlink"]),
        (
            "departures",
            &[
                "correct",
                "rescind",
                "record-exit-interview",
                "assess-eligibility",
                "confirm-eligibility",
                "invite",
                "refuse-contact",
            ],
        ),
        (
            "members",
            &[
                "approve",
                "reject",
                "update-profile",
                "grant-consent",
                "withdraw-consent",
                "confirm-data",
                "declare-group",
                "pause",
                "resume",
                "leave",
                "record-contact",
            ],
        ),
        ("no-rehire-flags", &["review", "renew", "lift", "appeal"]),
        ("requisitions", &["revise", "publish", "close"]),
        (
            "applications",
            &[
                "review-eligibility",
                "request-review",
                "assign",
                "skip-stage",
                "disclose-range",
                "schedule-interview",
                "reschedule-interview",
                "cancel-interview",
                "record-interview",
                "hold",
                "resume",
                "advance",
                "submit-scorecard",
                "amend-scorecard",
                "record-evaluation",
                "reject",
                "withdraw",
                "reopen",
                "transfer",
                "postpone-start",
                "record-rejoin",
                "record-no-show",
                "answer-check",
                "acknowledge",
                "record-legal-opinion",
            ],
        ),
        (
            "offers",
            &[
                "revise",
                "request-exception",
                "decide-exception",
                "record-remedy",
                "record-range-review",
                "record-document",
                "record-one-off",
                "record-duty",
                "request-explanation",
                "answer-explanation",
                "request-approval",
                "replay",
                "approve",
                "send-back",
                "refuse",
                "force-approve",
                "declare-conflict",
                "delegate",
                "extend",
                "extend-expiry",
                "accept",
                "decline",
                "rescind",
                "answer-check",
                "acknowledge",
                "record-legal-opinion",
            ],
        ),
        (
            "referrals",
            &[
                "accept-as-candidate",
                "decline-as-candidate",
                "resolve-ownership",
                "reassign-credit",
                "withdraw",
                "record-hire",
                "record-outcome",
                "answer-check",
                "acknowledge",
                "record-legal-opinion",
            ],
        ),
        (
            "rewards",
            &[
                "verify",
                "approve",
                "decline",
                "hold",
                "lift-hold",
                "forfeit",
                "close-correction-case",
                "answer-check",
                "acknowledge",
                "record-legal-opinion",
            ],
        ),
        ("reward-plans", &["revise", "approve", "publish", "retire"]),
        ("pay-bands", &[]),
        ("incumbent-snapshots", &[]),
        ("pay-policies", &["revise", "approve", "publish", "retire", "review-alert", "record-publication", "backtest"]),
        ("programme-policies", &["revise", "approve", "publish", "retire"]),
    ];

    /// What hires plan and nobody creates.
    const UNCREATED: &str = "rewards";
    /// A candidate has no login: their single-use token says who they are.
    const CANDIDATES: [&str; 2] = ["/v1/referrals/{id}/accept-as-candidate", "/v1/referrals/{id}/decline-as-candidate"];

    #[test]
    fn it_holds_every_route_of_the_collections_and_no_other() {
        let mut expected: BTreeSet<String> = [
            "GET /healthz",
            "GET /readyz",
            "GET /metrics",
            "GET /openapi.json",
            "GET /docs",
            "GET /problems/{code}",
            "GET /dev/clock",
            "POST /dev/clock/advance",
            "POST /v1/employments/import",
            "POST /v1/departures/import",
            "POST /v1/pay-bands/import",
            "POST /v1/incumbent-snapshots/import",
            "POST /v1/departures/invite-batch",
            "GET /v1/offers/{id}/assessment",
            "GET /v1/offers/{id}/explanation",
            "GET /v1/pay-policies/{id}/explanation",
            "GET /v1/fairness-ledger",
            "GET /v1/monitoring",
            "GET /v1/monitoring/compa-ratios",
            "GET /v1/monitoring/stayer-ratios",
            "GET /v1/monitoring/pay-gaps",
            "GET /v1/monitoring/selection-rates",
            "GET /v1/monitoring/exceptions",
            "GET /v1/tasks",
            "GET /v1/history/{collection}/{id}",
            "GET /v1/log",
            "GET /v1/my/consents",
            "GET /v1/my/data",
            "GET /v1/my/applications",
            "GET /v1/my/referrals",
            "GET /v1/pipeline",
            "GET /v1/reward-payables",
        ]
        .map(str::to_owned)
        .into();
        for (collection, commands) in COLLECTIONS {
            if collection != UNCREATED {
                expected.insert(format!("POST /v1/{collection}"));
            }
            expected.insert(format!("GET /v1/{collection}"));
            expected.insert(format!("GET /v1/{collection}/{{id}}"));
            let commands = commands.iter();
            expected.extend(commands.map(|name| format!("POST /v1/{collection}/{{id}}/{name}")));
        }
        let listed: BTreeSet<String> = table().routes().map(ToString::to_string).collect();
        assert_eq!(listed, expected);
    }

    #[test]
    fn the_clock_moves_in_trial_ledgers_alone_and_only_plain_pages_are_public() {
        for route in table().routes() {
            assert_eq!(route.trial_only, route.path.starts_with("/dev/"), "{route}");
            let outside = !route.path.starts_with("/v1/") && !route.path.starts_with("/dev/");
            let public = outside || CANDIDATES.contains(&route.path.as_str());
            assert_eq!(route.access == Access::Public, public, "{route}");
        }
    }

    #[test]
    fn few_see_a_no_rehire_flag_and_a_recruiter_is_not_among_them() {
        for route in table().routes().filter(|route| route.path.contains("no-rehire-flags")) {
            let Access::Roles(grants) = &route.access else { panic!("{route} is public") };
            for grant in grants {
                let few = [Role::Compliance, Role::PeopleOps, Role::Alumnus].contains(&grant.role);
                let own = grant.role != Role::Alumnus || grant.when == [Condition::Own];
                assert!(few && own, "{route}: {grant:?}");
            }
        }
    }

    #[test]
    fn the_log_is_for_compliance_and_tasks_are_for_everyone() {
        for role in Role::ALL {
            assert_eq!(may(role, "GET", "/v1/log"), role == Role::Compliance, "{role}");
            assert!(may(role, "GET", "/v1/tasks"), "{role}");
        }
    }

    #[test]
    fn a_history_shows_no_more_than_its_collection_does() {
        let table = table();
        let by = |collection, role| table.decide_history(collection, &roles(&[role]));
        let allowed = |role| Decision::Allowed { by: role };
        for (collection, _) in COLLECTIONS {
            assert_eq!(by(collection, Role::Compliance), allowed(Role::Compliance));
            assert_eq!(by(collection, Role::Alumnus), Decision::Denied);
        }
        for collection in ["departures", "members"] {
            assert_eq!(by(collection, Role::Recruiter), allowed(Role::Recruiter));
        }
        for collection in ["no-rehire-flags", "employments", "persons", "secrets", "{id}", ""] {
            assert_eq!(by(collection, Role::Recruiter), Decision::Denied, "{collection}");
        }
    }

    #[test]
    fn judgements_on_people_need_a_natural_person() {
        for path in [
            "/v1/persons",
            "/v1/persons/{id}/link",
            "/v1/persons/{id}/unlink",
            "/v1/departures/{id}/confirm-eligibility",
            "/v1/members/{id}/approve",
            "/v1/members/{id}/reject",
            "/v1/no-rehire-flags/{id}/review",
            "/v1/no-rehire-flags/{id}/renew",
            "/v1/no-rehire-flags/{id}/lift",
            "/v1/applications/{id}/review-eligibility",
            "/v1/applications/{id}/record-evaluation",
            "/v1/offers/{id}/decide-exception",
            "/v1/offers/{id}/approve",
            "/v1/offers/{id}/send-back",
            "/v1/offers/{id}/refuse",
            "/v1/offers/{id}/force-approve",
            "/v1/referrals/{id}/resolve-ownership",
            "/v1/referrals/{id}/reassign-credit",
            "/v1/rewards/{id}/approve",
            "/v1/reward-plans/{id}/approve",
            "/v1/pay-policies/{id}/approve",
            "/v1/programme-policies/{id}/approve",
        ] {
            assert!(table().route("POST", path).unwrap().natural_person, "{path}");
        }
        assert!(!table().route("POST", "/v1/departures").unwrap().natural_person);
    }

    #[test]
    fn members_act_for_themselves_and_machines_only_feed_master_data() {
        let table = table();
        for command in ["grant-consent", "withdraw-consent", "declare-group", "leave"] {
            let path = format!("/v1/members/{{id}}/{command}");
            let Decision::AllowedIf { any_of } = Decision::of(table.granted("POST", &path, &roles(&Role::ALL))) else {
                panic!("{command} is open to somebody for others");
            };
            assert!(any_of.iter().all(|grant| grant.when == [Condition::Own]), "{command}");
        }
        for route in table.routes() {
            let Access::Roles(grants) = &route.access else { continue };
            let open = [
                "/v1/employments",
                "/v1/departures",
                "/v1/incumbent-snapshots",
                "/v1/referrals/{id}/record-",
                "/v1/tasks",
                "/dev/",
            ];
            if grants.iter().any(|grant| grant.role == Role::Hris) {
                assert!(open.iter().any(|prefix| route.path.starts_with(prefix)), "{route}");
            }
        }
        assert!(may(Role::Hris, "POST", "/v1/departures"));
        assert!(!may(Role::Hris, "POST", "/v1/departures/{id}/assess-eligibility"));
        assert!(!may(Role::HiringManager, "GET", "/v1/departures"));
        assert!(!may(Role::Interviewer, "GET", "/v1/members/{id}"));
    }

    #[test]
    fn whoever_confirms_or_appeals_may_read_what_it_is_about() {
        assert!(may(Role::Executive, "GET", "/v1/departures/{id}"));
        assert!(may(Role::Alumnus, "GET", "/v1/no-rehire-flags/{id}"));
    }

    #[test]
    fn its_page_lists_each_route_once() {
        let page = table().markdown();
        for route in table().routes() {
            let rows = page.lines().filter(|line| {
                line.starts_with(&format!("| `{route}`"))
                    || (line.starts_with(&format!("- `{route}`")) && !line.contains("`: "))
            });
            assert_eq!(rows.count(), 1, "{route}");
        }
    }
}
