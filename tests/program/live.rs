//! A live ledger: tokens come from the employer's identity provider, and nothing of a trial works.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use okaeri::identity::Role;
use okaeri::identity::trial::TrialToken;
use serde_json::{Value, json};

use super::client::Client;
use super::people::{Tenant, id};
use super::served_by_both_stores;
use super::server::Home;
use crate::support::{StoreKind, postgres};

served_by_both_stores!(
    a_live_ledger_takes_tokens_of_its_issuer_alone,
    a_live_ledger_has_no_trial_and_a_trial_no_issuer,
    whom_a_machine_names_by_their_login_is_who_comes_with_it,
);

/// A signing key of the issuer.
struct SigningKey(EcdsaKeyPair);

impl SigningKey {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn published(&self, kid: &str) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "x": text(x), "y": text(y)})
    }

    fn token(&self, kid: &str, claims: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(&json!({"alg": "ES256", "typ": "JWT", "kid": kid})), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// An issuer on a port of its own, for as long as this process lives.
struct Issuer {
    url: String,
    keys: Arc<Mutex<Vec<Value>>>,
}

impl Issuer {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = Arc::new(Mutex::new(Vec::new()));
        let (ours, published) = (url.clone(), Arc::clone(&keys));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = answer(stream.unwrap(), &ours, &published);
            }
        });
        Self { url, keys }
    }

    fn publish(&self, keys: Vec<Value>) {
        *self.keys.lock().unwrap() = keys;
    }

    fn claims(&self, subject: &str, roles: &[Role]) -> Value {
        let now = chrono::Utc::now().timestamp();
        json!({
            "iss": self.url, "aud": ["account", "okaeri"], "sub": subject, "employer": "acme", "roles": roles,
            "iat": now, "exp": now + 300, "name": "試験　太郎",
        })
    }
}

fn answer(mut stream: TcpStream, url: &str, keys: &Mutex<Vec<Value>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let body = if request.contains("/.well-known/openid-configuration") {
        json!({"issuer": url, "jwks_uri": format!("{url}/keys")})
    } else {
        json!({"keys": *keys.lock().unwrap()})
    };
    let body = body.to_string();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// A live ledger with one employer, and its issuer with one key `k1`.
fn live(kind: StoreKind) -> (Home, Issuer, SigningKey) {
    let (issuer, key) = (Issuer::start(), SigningKey::new());
    issuer.publish(vec![key.published("k1")]);
    let mut home = Home::on((kind == StoreKind::Postgres).then(postgres::fresh_database));
    home.set("OKAERI_OIDC_ISSUER", &issuer.url);
    home.add_employers(&["acme"]);
    (home, issuer, key)
}

fn a_live_ledger_takes_tokens_of_its_issuer_alone(kind: StoreKind) {
    let (home, issuer, key) = live(kind);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    for told in ["subject-suzuki-live", "subject-megumi-live", "試験　太郎"] {
        tenant.tell(told);
    }
    let bearing = |token: &str| {
        tenant.tell(token);
        tenant.anyone.bearing(token)
    };
    let claims = issuer.claims("subject-suzuki-live", &[Role::PeopleOps, Role::Compliance]);
    let people_ops = bearing(&key.token("k1", &claims));
    let leaver = tenant.person();
    let departure = id(&people_ops.post("/v1/departures", &leaver.left("E-1")).expect(201));
    let invited = tenant.command(&people_ops, "departures", &departure, "invite", &json!({})).expect(200);
    let invitation = invited["invitation_token"].as_str().unwrap();
    tenant.tell(invitation);
    let alumnus = bearing(&key.token("k1", &issuer.claims("subject-megumi-live", &[Role::Alumnus])));
    let member = id(&alumnus.post("/v1/members", &leaver.registers(invitation)).expect(201));
    assert_eq!(alumnus.read(&format!("/v1/members/{member}"))["state"], "active");
    let history = people_ops.all(&format!("/v1/history/departures/{departure}"));
    assert_eq!(history[0]["actor"]["name"], "試験　太郎");
    // Behind a proxy, under any name: what a trial refuses is the rule here.
    let proxied = people_ops.request("GET", "/v1/departures").header("x-forwarded-for", "192.0.2.1").send();
    proxied.expect(200);

    let now = chrono::Utc::now().timestamp();
    let with = |member: &str, value: Value| {
        let mut claims = claims.clone();
        claims[member] = value;
        key.token("k1", &claims)
    };
    for (token, reason) in [
        (with("aud", json!("another-service")), "token_wrong_audience"),
        (with("iss", json!("https://id.example")), "token_wrong_issuer"),
        (with("exp", json!(now - 600)), "token_expired"),
        (with("nbf", json!(now + 600)), "token_not_yet_valid"),
        (with("employer", Value::Null), "token_employer_missing"),
        (SigningKey::new().token("k1", &claims), "token_bad_signature"),
    ] {
        bearing(&token).get("/v1/departures").refused(401, reason);
    }
    // The published key must not verify what it signs as a shared secret.
    let published = key.published("k1");
    for secret in [published["x"].as_str().unwrap().as_bytes().to_vec(), published.to_string().into_bytes()] {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("k1".to_owned());
        let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
        bearing(&token).get("/v1/departures").refused(401, "token_algorithm_refused");
    }
    let unknown = with("roles", json!(["root", "admin", "offline_access"]));
    bearing(&unknown).get("/v1/departures").problem(403, "forbidden");
}

/// On one store, which has no part in it: the program asks for new keys twice a minute at most, and so the test waits.
#[test]
fn keys_are_changed_while_the_program_runs() {
    let (home, issuer, old) = live(StoreKind::Sqlite);
    let server = home.serve();
    let anyone = Client::new(server.address);
    let claims = issuer.claims("subject-suzuki-live", &[Role::PeopleOps]);
    let ask = |token: &str| anyone.bearing(token).get("/v1/departures");
    ask(&old.token("k1", &claims)).expect(200);
    let new = SigningKey::new();
    issuer.publish(vec![old.published("k1"), new.published("k2")]);
    let mut status = 0;
    for _ in 0..80 {
        status = ask(&new.token("k2", &claims)).status;
        if status == 200 {
            break;
        }
        assert_eq!(status, 401);
        std::thread::sleep(Duration::from_millis(500));
    }
    assert_eq!(status, 200, "the new key is found");
    ask(&old.token("k1", &claims)).expect(200);
}

fn a_live_ledger_has_no_trial_and_a_trial_no_issuer(kind: StoreKind) {
    let (mut home, issuer, key) = live(kind);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let trial = tenant.with_token(&TrialToken::person("suzuki", "acme", [Role::PeopleOps].into()));
    assert_eq!(trial.get("/v1/departures").status, 401, "a token signed with the ledger's own key");
    let token = key.token("k1", &issuer.claims("subject-suzuki-live", &[Role::PeopleOps]));
    let people_ops = tenant.anyone.bearing(&token);
    people_ops.get("/dev/clock").problem(404, "not_found");
    people_ops.post("/dev/clock/advance", &json!({"by": "P1D"})).problem(404, "not_found");
    tenant.anyone.get("/dev/clock").problem(404, "not_found");
    assert_eq!(tenant.anyone.get("/readyz").json()["mode"], "live");
    drop(tenant);
    assert!(server.terminate().success());

    assert!(home.run_badly(&["token", "--subject", "x", "--roles", "people_ops"]).contains("trial ledgers alone"));
    home.set("OKAERI_TRIAL", "1");
    assert!(home.serve_badly().contains("refuses an OIDC issuer"));
    home.unset("OKAERI_OIDC_ISSUER");
    assert!(home.serve_badly().contains("needs an OIDC issuer"));
    home.unset("OKAERI_TRIAL");
    let without = home.serve_badly();
    assert!(without.contains("needs an OIDC issuer") || without.contains("OKAERI_TRIAL"), "{without}");
    for wrong in ["http://id.example", "ftp://localhost", "not a url"] {
        home.set("OKAERI_OIDC_ISSUER", wrong);
        assert!(home.serve_badly().contains("issuer"), "{wrong}");
    }
    // An issuer that is away does not keep the program from starting; nobody comes in meanwhile.
    home.set("OKAERI_OIDC_ISSUER", "http://127.0.0.1:9");
    let server = home.serve();
    let anyone = Client::new(server.address);
    assert_eq!(anyone.bearing(&token).get("/v1/departures").status, 503);
    assert_eq!(anyone.get("/healthz").status, 200);
}

fn whom_a_machine_names_by_their_login_is_who_comes_with_it(kind: StoreKind) {
    let (home, issuer, key) = live(kind);
    let shown = home.run_well(&["api-key", "add", "--employer", "acme", "--subject", "hris-sync", "--roles", "hris"]);
    let api_key = shown.trim();
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    tenant.tell(api_key);
    let (machine, anyone) = (tenant.anyone.bearing(api_key), &tenant.anyone);
    let (recorded, imported, corrected) = (tenant.person(), tenant.person(), tenant.person());
    let login = |who: &str| {
        let subject = format!("subject-{who}-live");
        tenant.tell(&subject);
        (anyone.bearing(&key.token("k1", &issuer.claims(&subject, &[Role::Employee]))), subject)
    };
    let of = |client: &Client| client.read("/v1/my/data")["employments"].as_array().unwrap().iter().map(id).collect();
    let ((megumi, subject), (hana, hanas), (yuki, yukis)) = (login("megumi"), login("hana"), login("yuki"));
    // One was here before the machine named them, the others come later.
    let mine: Vec<String> = of(&megumi);
    assert!(mine.is_empty());

    let mut works = recorded.works("E-1", "2015-04-01");
    works["subject"] = json!(subject);
    let first = id(&machine.post("/v1/employments", &works).expect(201));
    let header = "employee_number,name,employment_type,hired_on,subject";
    let file = format!("{header}\nE-2,{},regular,2016-04-01,{hanas}\n", imported.name);
    let report = machine.upload("/v1/employments/import", file.as_bytes()).expect(200);
    assert_eq!(report["accepted"], 1, "{report}");
    let third = id(&machine.post("/v1/employments", &corrected.works("E-3", "2017-04-01")).expect(201));
    let correction = json!({"subject": yukis, "why": "ログインの訂正"});
    tenant.command(&machine, "employments", &third, "correct", &correction).expect(200);

    assert_eq!(of(&megumi) as Vec<String>, [first]);
    assert_eq!((of(&hana) as Vec<String>).len(), 1);
    assert_eq!(of(&yuki) as Vec<String>, [third]);
}
