//! `POST /v1/members/{id}/update-profile`: only what differs from what stands is recorded.

use std::collections::BTreeSet;

use aggregates::member::{
    Change, Code, ContactChanges, DescriptionChanges, Intent, Member, MemberCommand, ProfileChanges,
};
use aggregates::personal::{Personal, RecordClass};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::must_be_own;
use super::reading::MEMBERS;
use crate::dispatch::{DispatchError, Dispatcher, Gathered};
use crate::http::App;
use crate::http::fields::{Given, all_named, several_of};
use crate::http::problem::Problem;
use crate::http::reading::open;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Email, Id, Line, Phone, Session};
use crate::http::views::only;
use crate::ledger::{StoreError, Waited};

/// The most skills that a profile lists.
const SKILLS: usize = 50;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(update_profile))
}

/// New contact details; what is not there stays, `null` takes it back.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactChange {
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    email: Given<Email>,
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    phone: Given<Phone>,
}

/// A new description; what is not there stays, `null` takes it back. Health, family and beliefs have no place here.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileChange {
    /// Where the member works now.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    current_employer: Given<Line>,
    /// What the member can do: up to 50 entries.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Line>>, max_items = 50)]
    skills: Given<Vec<Line>>,
    /// ISO 3166: letters, digits and hyphens.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("JP-13"))]
    region: Given<Line>,
    /// BCP 47: letters, digits and hyphens.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("ja"))]
    language: Given<Line>,
}

/// Parts of the profile that are given anew; what is not there stays as it was.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateProfile {
    #[serde(default)]
    contact: ContactChange,
    #[serde(default)]
    profile: ProfileChange,
    /// All that the member is open to; an empty list withdraws every intent.
    #[schema(schema_with = several_of::<Intent>)]
    intents: Option<Vec<String>>,
}

/// What is asked for, checked and in the clear.
#[derive(Clone, Debug, Default)]
struct Asked {
    email: Given<String>,
    phone: Given<String>,
    current_employer: Given<String>,
    skills: Given<Vec<String>>,
    region: Given<Code>,
    language: Given<Code>,
    intents: Option<BTreeSet<Intent>>,
}

impl Asked {
    fn parse(asked: UpdateProfile) -> Result<Self, Problem> {
        let UpdateProfile { contact, profile, intents } = asked;
        let skills = |lines: Vec<Line>| {
            if lines.len() > SKILLS {
                return Err(Problem::field(
                    "/profile/skills",
                    "too_long",
                    "At most 50 skills are expected.",
                    "スキルは50件以内で指定してください。",
                ));
            }
            Ok(lines.into_iter().map(|line| line.0).collect())
        };
        let intents = intents.map(|names| all_named::<Intent>("/intents", &names)).transpose()?;
        Ok(Self {
            email: contact.email.map(|email| email.0),
            phone: contact.phone.map(|phone| phone.0),
            current_employer: profile.current_employer.map(|line| line.0),
            skills: profile.skills.try_map(skills)?,
            region: code("/profile/region", profile.region)?,
            language: code("/profile/language", profile.language)?,
            intents: intents.map(|intents| intents.into_iter().collect()),
        })
    }

    /// What of it differs from what stands.
    fn differing(&self, stands: &Value) -> ProfileChanges {
        let at = |pointer: &str| stands.pointer(pointer).unwrap_or(&Value::Null);
        let intents = self.intents.as_ref().filter(|intents| json!(intents) != *at("/intents"));
        ProfileChanges {
            contact: ContactChanges {
                email: change(&self.email, at("/contact/email"), sealed),
                phone: change(&self.phone, at("/contact/phone"), sealed),
            },
            profile: DescriptionChanges {
                current_employer: change(&self.current_employer, at("/profile/current_employer"), sealed),
                skills: change(&self.skills, at("/profile/skills"), sealed),
                region: change(&self.region, at("/profile/region"), Clone::clone),
                language: change(&self.language, at("/profile/language"), Clone::clone),
            },
            intents: intents.cloned(),
        }
    }
}

fn sealed<T: Clone>(value: &T) -> Personal<T> {
    Personal::new(RecordClass::Profile, value.clone())
}

fn change<T: Serialize, U>(asked: &Given<T>, stands: &Value, recorded: impl Fn(&T) -> U) -> Option<Change<U>> {
    match asked {
        Given::Unsaid => None,
        Given::Nothing => (!stands.is_null()).then_some(Change::Clear),
        Given::Value(value) => (json!(value) != *stands).then(|| Change::Set(recorded(value))),
    }
}

fn code(pointer: &str, asked: Given<Line>) -> Result<Given<Code>, Problem> {
    asked.try_map(|line| {
        Code::parse(&line.0).ok_or_else(|| {
            Problem::field(
                pointer,
                "not_a_code",
                "A code of 2 to 12 letters, digits and hyphens is expected.",
                "2〜12文字の英数字とハイフンからなるコードで指定してください。",
            )
        })
    })
}

/// Give parts of the profile anew.
#[utoipa::path(post, path = "/v1/members/{id}/update-profile", tag = "members", params(("id" = Uuid, Path)),
    request_body = UpdateProfile, responses((status = 200, description = "Updated", body = CommandReply)))]
async fn update_profile(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<UpdateProfile>,
) -> Result<Answer, Problem> {
    let asked = Asked::parse(body.value)?;
    must_be_own(&app, &session, id.0).await?;
    let envelope = session.envelope("members.update-profile", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let reply = dispatcher
        .send_with::<Member, _, _>(&envelope, id.0, || async {
            let document = match dispatcher.ledger().document(&MEMBERS, &session.employer.name, id.0).await? {
                Waited::Ready(Some(document)) => document,
                Waited::Ready(None) => return Err(DispatchError::NotFound),
                Waited::Behind => return Err(DispatchError::Overloaded),
            };
            let stands: Value =
                serde_json::from_str(&document.body).map_err(|error| StoreError::Unreadable(error.to_string()))?;
            let mut stands = [stands];
            for document in &mut stands {
                only(document, &["contact", "profile", "intents"]);
            }
            // The problem is logged where it arises; the caller may try again.
            open(&app, &session.employer, &mut stands).await.map_err(|_| DispatchError::Overloaded)?;
            let [stands] = stands;
            let order = MemberCommand::UpdateProfile { changes: Box::new(asked.differing(&stands)) };
            let guards = vec![(Dispatcher::stream::<Member>(&session.employer, id.0), document.version)];
            Ok(Gathered { guards, ..Gathered::order(order) })
        })
        .await?;
    Ok(Answer::done(&reply))
}

#[cfg(test)]
mod tests {
    use aggregates::member::{Change, ProfileChanges};
    use serde_json::{Value, json};

    use super::{Asked, UpdateProfile};

    fn differing(asked: &Value, stands: &Value) -> ProfileChanges {
        let asked: UpdateProfile = serde_json::from_value(asked.clone()).unwrap();
        Asked::parse(asked).unwrap().differing(stands)
    }

    fn stands() -> Value {
        json!({"contact": {"email": "a@example.jp"}, "profile": {"skills": ["rust"], "region": "JP-13",
            "current_employer": null, "language": null}, "intents": ["return"]})
    }

    #[test]
    fn what_stands_already_is_not_recorded_again() {
        let asked = json!({"contact": {"email": "a@example.jp", "phone": null},
            "profile": {"skills": ["rust"], "region": "JP-13", "language": null}, "intents": ["return"]});
        assert_eq!(differing(&asked, &stands()), ProfileChanges::default());
        assert_eq!(differing(&json!({}), &stands()), ProfileChanges::default());
    }

    #[test]
    fn what_differs_is_set_or_cleared() {
        let asked = json!({"contact": {"email": null, "phone": "090-1234-5678"}, "profile": {"region": "JP-04"}, "intents": []});
        let changes = differing(&asked, &stands());
        assert_eq!(changes.contact.email, Some(Change::Clear));
        assert!(matches!(changes.contact.phone, Some(Change::Set(_))));
        assert!(matches!(changes.profile.region, Some(Change::Set(code)) if code.as_str() == "JP-04"));
        assert_eq!(changes.profile.skills, None);
        assert_eq!(changes.intents.map(|intents| intents.len()), Some(0));
    }

    #[test]
    fn a_sentence_is_no_code() {
        let asked: UpdateProfile =
            serde_json::from_value(json!({"profile": {"region": "somewhere in Tokyo"}})).unwrap();
        assert_eq!(Asked::parse(asked).unwrap_err().errors[0].pointer, "/profile/region");
    }
}
