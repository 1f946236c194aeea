//! Where a policy is looser than the defaults, and how many past decisions that would have flipped.

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;

use super::{Fraction, PolicyTerms, Tier};

/// That a published version loosens defaults, and what that would have meant for the decisions up to then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loosening {
    /// The defaults that it loosens, as JSON pointers into the terms; none where it loosens none and past decisions would have
    /// been in a milder tier all the same.
    pub fields: Vec<String>,
    /// How many decisions were looked at: the latest assessment of each offer of the entity.
    pub decisions: u64,
    /// How many of them it would have put in a milder tier.
    pub milder: u64,
    /// How many of them it would have put in a stricter tier.
    pub stricter: u64,
    /// How many of them it could not have assessed: their figures do not compare.
    pub not_assessable: u64,
}

impl PolicyTerms {
    /// The defaults that these terms loosen, as JSON pointers in their order. What is looser is what fewer offers stand out
    /// by, or what fewer people have to approve.
    pub fn loosened(&self) -> Vec<String> {
        // Taken apart whole: whoever adds a field decides here whether it can be looser.
        let Self {
            legal_entity,
            clause,
            currency: _,
            history_ban: _,
            range_disclosure: _,
            thresholds: ours,
            // A larger k tells less of single people; what it loosens shows in past decisions.
            smallest_group: _,
            leapfrog_tolerance,
            peer_tenure_months,
            stayer_tenure_months,
            stayer_snapshot_days,
            snapshot_days,
            fresh_band_days,
            functions: _,
            guide,
            minimum_wages: _,
            return_premium_limit: _,
            explanation_days,
            followed_months,
            fiscal_year_ends: _,
            full_time_hours,
            notice: _,
            seats: _,
            approvers: _,
        } = self;
        let default = Self::defaults(legal_entity.as_str(), clause.as_str());
        let usual = &default.thresholds;
        let later = |name: &'static str, of: fn(&super::Thresholds) -> Fraction| (of(ours) > of(usual)).then_some(name);
        let sooner =
            |name: &'static str, of: fn(&super::Thresholds) -> Fraction| (of(ours) < of(usual)).then_some(name);
        let bounds = [
            later("range_b", |bounds| bounds.range_b),
            later("range_c", |bounds| bounds.range_c),
            // Whoever is under-placed stands out below these.
            sooner("peers_low", |bounds| bounds.peers_low),
            later("peers_b", |bounds| bounds.peers_b),
            later("peers_c", |bounds| bounds.peers_c),
            later("peers_d", |bounds| bounds.peers_d),
            sooner("stayers_low", |bounds| bounds.stayers_low),
            later("stayers_c", |bounds| bounds.stayers_c),
            later("stayers_d", |bounds| bounds.stayers_d),
            later("leapfrog_c", |bounds| bounds.leapfrog_c),
            later("leapfrog_d", |bounds| bounds.leapfrog_d),
            sooner("manager_c", |bounds| bounds.manager_c),
            later("guide", |bounds| bounds.guide),
        ];
        let bounds = bounds.into_iter().flatten().map(|name| format!("/thresholds/{name}"));
        let others = [
            (*leapfrog_tolerance > default.leapfrog_tolerance, "/leapfrog_tolerance"),
            // Whom nobody is compared with stands out by nothing: an undefined ratio meets no condition.
            (*peer_tenure_months > default.peer_tenure_months, "/peer_tenure_months"),
            (*stayer_tenure_months < default.stayer_tenure_months, "/stayer_tenure_months"),
            (*stayer_snapshot_days < default.stayer_snapshot_days, "/stayer_snapshot_days"),
            (*full_time_hours < default.full_time_hours, "/full_time_hours"),
            (*snapshot_days > default.snapshot_days, "/snapshot_days"),
            (*fresh_band_days < default.fresh_band_days, "/fresh_band_days"),
            (*explanation_days > default.explanation_days, "/explanation_days"),
            (*followed_months < default.followed_months, "/followed_months"),
            (guide.first().is_none_or(|step| step.from_months > 0), "/guide"),
        ];
        let others = others.into_iter().filter(|(looser, _)| *looser).map(|(_, pointer)| pointer.to_owned());
        let fewer = |tier: &Tier| {
            let seats = |terms: &Self| terms.seats.get(tier).cloned().unwrap_or_default();
            !seats(self).is_superset(&seats(&default))
        };
        let seats = Tier::iter().filter(fewer).map(|tier| format!("/seats/{}", <&str>::from(tier)));
        bounds.chain(others).chain(seats).collect()
    }
}
