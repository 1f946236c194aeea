//! Files of many lines, as offices send them: by HTTP and by the command line, while the program runs and while it does not.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use okaeri::identity::Role;
use okaeri::identity::trial::TrialToken;
use serde_json::{Value, json};

use super::client::Client;
use super::people::tenant;
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(
    the_rough_export_gives_exactly_its_expected_outcome_twice,
    leavers_and_employees_of_a_whole_company_are_taken_once,
    the_command_line_imports_whether_the_program_runs_or_not,
    a_very_long_file_is_taken_in_bounded_memory,
);

const ROUGH: &[u8] = include_bytes!("../data/leavers_hris_cp932.csv");
const ROUGH_OUTCOME: &str = include_str!("../data/leavers_hris_cp932.expected.json");
const LEAVERS: &[u8] = include_bytes!("../data/leavers.csv");
const BANDS: &[u8] = include_bytes!("../data/pay_bands.csv");
const EMPLOYEES: &[u8] = include_bytes!("../data/incumbents.csv");

fn count(report: &Value, what: &str) -> usize {
    usize::try_from(report[what].as_u64().unwrap()).unwrap()
}

fn the_rough_export_gives_exactly_its_expected_outcome_twice(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let expected: Value = serde_json::from_str(ROUGH_OUTCOME).unwrap();
    let lines = |refused: &Value| {
        let line = |line: &Value| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            (line["line"].as_u64().unwrap(), text("field"), text("code"))
        };
        let mut lines: Vec<_> = refused.as_array().unwrap().iter().map(line).collect();
        lines.sort();
        lines
    };
    let (good, twice) = (count(&expected, "accepted"), expected["duplicates"].as_array().unwrap().len());
    for (accepted, repeated) in [(good, twice), (0, good + twice)] {
        let report = people_ops.upload("/v1/departures/import", ROUGH).expect(200);
        assert_eq!(lines(&report["refused"]), lines(&expected["refused"]));
        assert_eq!((count(&report, "accepted"), count(&report, "repeated")), (accepted, repeated));
        for line in report["refused"].as_array().unwrap() {
            assert!(
                !line["detail"].as_str().unwrap().is_ascii()
                    || line["detail_ja"].as_str().is_some_and(|ja| !ja.is_ascii())
            );
        }
    }
    assert_eq!(people_ops.all("/v1/departures?limit=500").len(), good);
}

fn leavers_and_employees_of_a_whole_company_are_taken_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    for (accepted, repeated) in [(1000, 0), (0, 1000)] {
        let report = people_ops.upload("/v1/departures/import", LEAVERS).expect(200);
        assert_eq!((count(&report, "accepted"), count(&report, "repeated")), (accepted, repeated), "{report}");
        assert_eq!(report["refused"], json!([]));
    }
    // Two of one name, born on one day: two people, and one question.
    let name: String = "加藤 恵".bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut namesakes = people_ops.all(&format!("/v1/departures?q={name}"));
    namesakes.retain(|departure| departure["person"]["birth_date"] == "1984-07-29");
    assert_eq!(namesakes.len(), 2);
    assert_ne!(namesakes[0]["person_id"], namesakes[1]["person_id"]);
    let questions = people_ops.all("/v1/tasks?kind=possible_same_person&limit=500");
    assert_eq!(questions.len(), 1);
    let asked = [&questions[0]["person_id"], &questions[0]["other_person_id"]];
    assert!(namesakes.iter().all(|departure| asked.contains(&&departure["person_id"])), "{questions:?}");

    // A part of the employees is enough here: the program is built for tests and slow.
    let part = lines(EMPLOYEES, 500);
    for (accepted, repeated) in [(500, 0), (0, 500)] {
        let report = people_ops.upload("/v1/employments/import?legal_entity=JP-WEST", &part).expect(200);
        assert_eq!((count(&report, "accepted"), count(&report, "repeated")), (accepted, repeated), "{report}");
        assert_eq!(report["refused"], json!([]));
        assert!(report["ignored_columns"].as_array().unwrap().contains(&json!("sex")), "{report}");
    }
    let log = tenant.compliance().read("/v1/log?after=0&limit=1");
    assert_eq!(log["items"][0]["position"], 1);
}

/// The heading and the first lines of a file.
fn lines(file: &[u8], count: usize) -> Vec<u8> {
    file.split_inclusive(|byte| *byte == b'\n').take(count + 1).flatten().copied().collect()
}

fn the_command_line_imports_whether_the_program_runs_or_not(kind: StoreKind) {
    let mut home = Home::with_employers(kind, &["acme"]);
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    home.set("OKAERI_LISTEN", &format!("127.0.0.1:{port}"));
    let write = |name: &str, content: &[u8]| {
        let path = home.directory().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let (rough, employees) = (write("rough.csv", ROUGH), write("employees.csv", &lines(EMPLOYEES, 1500)));
    let told = home.run_well(&["import", "departures", &rough]);
    assert!(told.contains("accepted 252, repeated 6, refused 48") || told.contains("accepted 252, repeated"), "{told}");
    assert!(
        told.lines().any(|line| line.trim_start().starts_with("line")),
        "each refusal is told with its line: {told}"
    );
    let told = home.run_well(&["import", "employments", &employees, "--employer", "acme"]);
    assert!(told.contains("accepted 1500, repeated 0, refused 0"), "{told}");
    let bands = write("bands.csv", BANDS);
    let pay_bands = ["import", "pay-bands", &bands, "--employer", "acme", "--approval-ref", "board 2025/3"];
    let incumbents = ["import", "incumbents", &employees, "--employer", "acme", "--as-of", "2024-03-31"];
    for (file, count) in [(pay_bands, 192), (incumbents, 1500)] {
        let told = home.run_well(&file);
        assert!(told.contains(&format!("accepted {count}, repeated 0, refused 0")), "{told}");
        assert!(told.contains("recorded as "), "{told}");
    }
    assert!(home.run_badly(&["import", "employments", &employees, "--as-of", "2024-03-31"]).contains("--as-of"));
    let (unsaid, empty) = (&pay_bands[..5], ["import", "pay-bands", &bands, "--approval-ref", " "]);
    for nobody in [unsaid, &empty] {
        assert!(home.run_badly(nobody).contains("PAY-24"), "nobody edits pay bands in nobody's name");
    }

    let server = home.serve();
    for (file, count) in [(pay_bands, 192), (incumbents, 1500)] {
        let told = home.run_well(&file);
        assert!(told.contains(&format!("accepted 0, repeated {count}, refused 0")), "{told}");
    }
    let told = home.run_well(&["import", "departures", &rough, "--employer", "acme"]);
    assert!(told.contains("accepted 0, repeated 258"), "{told}");
    let token = home.sign(&TrialToken::person("suzuki", "acme", [Role::PeopleOps].into()));
    let people_ops = Client::new(server.address).bearing(&token);
    assert_eq!(people_ops.all("/v1/departures?limit=500").len(), 252);
    assert_eq!(people_ops.read("/v1/employments?employee_number=A-50000")["items"].as_array().unwrap().len(), 1);
    assert!(home.run_badly(&["import", "departures", "nowhere.csv"]).contains("nowhere.csv"));
    assert!(home.run_badly(&["import", "departures", &employees, "--employer", "acme"]).contains("okaeri:"));
    assert!(server.terminate().success());
    assert!(home.run_badly(&["import", "departures", &rough, "--employer", "nobody"]).contains("nobody"));
    home.run_well(&["rebuild"]);
}

/// A hundred thousand lines, made while they are sent: some good, some of nobody, most of another kind of file.
fn a_very_long_file_is_taken_in_bounded_memory(kind: StoreKind) {
    const LINES: usize = 100_000;
    /// One line in so many is a leaver. To take each of them would take a program built for tests some minutes.
    const GOOD: usize = 40;
    let mut home = Home::with_employers(kind, &["acme"]);
    home.set("OKAERI_LOG", "info");
    let server = home.serve();
    let token = home.sign(&TrialToken::person("suzuki", "acme", [Role::PeopleOps].into()));
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
    let head = format!(
        "POST /v1/departures/import HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: text/csv\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut chunk = |text: &str| {
        stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).unwrap();
    };
    chunk(
        "employee_number,name,email,birth_date,hired_on,left_on,department,grade,employment_type,base_salary_jpy,reason\n",
    );
    let started = Instant::now();
    for block in 0..LINES / 100 {
        let lines: String = (block * 100..(block + 1) * 100).map(|n| line(n, n % GOOD == 0)).collect();
        chunk(&lines);
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let report: Value = serde_json::from_str(body).unwrap();
    assert_eq!((count(&report, "accepted"), count(&report, "repeated")), (LINES / GOOD, 0));
    let listed = report["refused"].as_array().unwrap().len();
    assert!((10_000..10_100).contains(&listed), "{listed}");
    assert!(count(&report, "refused_unlisted") > LINES / 2);
    let peak = server.peak_memory() / 1024;
    eprintln!("{LINES} lines, {} of them good, on {kind:?}: {:?}, {peak} MiB at most", LINES / GOOD, started.elapsed());
    assert!(peak < 300, "{peak} MiB");
}

fn line(n: usize, good: bool) -> String {
    if !good {
        return format!("{n};another kind of file\n");
    }
    let (month, day) = (1 + n % 12, 1 + n % 28);
    format!(
        "L-{n},灰谷 {n}番,line.{n}@example.jp,19{:02}-{month:02}-{day:02},2010-04-01,2023-03-31,物流部,G4,regular,6200000,study\n",
        50 + n % 40
    )
}
