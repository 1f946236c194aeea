//! Who comes from one stage of selection to the next, by sex and by age band (MON-04).

use super::*;

#[test]
fn rates_of_selection_are_compared_by_declared_sex_and_acceptance_is_not() {
    let mut company = Company::default();
    let mut number = 0;
    let mut invite = |company: &mut Company, people: u32, sex: Option<DeclaredSex>, stages: u8| {
        for _ in 0..people {
            number += 1;
            company.invited(number, "2026-10-05", sex, stages);
        }
    };
    invite(&mut company, 24, Some(DeclaredSex::Male), 3);
    invite(&mut company, 16, Some(DeclaredSex::Male), 1);
    invite(&mut company, 12, Some(DeclaredSex::Female), 2);
    invite(&mut company, 18, Some(DeclaredSex::Female), 1);
    invite(&mut company, 6, Some(DeclaredSex::NotStated), 0);
    invite(&mut company, 5, None, 1);
    let found = company.report(Kind::SelectionRates, "2026-10", Least::FEW);
    let women = line(&found, "applied_offered", "female");
    let expected = is(&[
        ("people", "30"),
        ("came_further", "12"),
        ("rate", "0.4000"),
        ("impact_ratio", "0.6667"),
        ("p", "0.146843"),
        ("more_selections", "3"),
    ]);
    assert_eq!((figures(women), raised(women)), (expected, Some(true)));
    let men = line(&found, "applied_offered", "male");
    assert_eq!((figures(men)["impact_ratio"].as_str(), raised(men)), ("1.0000", Some(false)));
    let undeclared = line(&found, "invited_applied", "undeclared");
    assert_eq!(figures(undeclared), is(&[("people", "11"), ("came_further", "5"), ("rate", "0.4545")]));
    let accepted = line(&found, "offered_accepted", "female");
    assert_eq!(
        (figures(accepted), raised(accepted)),
        (is(&[("people", "12"), ("came_further", "0"), ("rate", "0.0000")]), None)
    );

    // Ten people are needed for a comparison.
    let mut few = Company::default();
    invite(&mut few, 9, Some(DeclaredSex::Male), 2);
    invite(&mut few, 20, Some(DeclaredSex::Female), 1);
    let found = few.report(Kind::SelectionRates, "2026-10", Least::FEW);
    assert_eq!(figures(line(&found, "applied_offered", "male"))["rate"], "1.0000");
    assert_eq!(raised(line(&found, "applied_offered", "female")), None);
}

/// Whoever was offered, or had applied, years ago came no further by it in this case.
#[test]
fn what_became_of_an_earlier_case_is_no_step_of_this_one() {
    let mut company = Company::default();
    for number in 0..10 {
        company.invited(number, "2023-04-05", Some(DeclaredSex::Female), 2);
    }
    for number in 0..10 {
        let application = Uuid::from_u128(u128::from(number) + 5_000);
        let applied = Applied { application, person: person(number), legal_entity: ENTITY.to_owned() };
        company.history.applied.push((day("2026-10-05"), applied));
    }
    for number in 20..30 {
        company.invited(number, "2026-10-05", Some(DeclaredSex::Male), 1);
        let (_, applied) = company.history.applied.last_mut().unwrap();
        assert_eq!(applied.person, person(number));
        company.history.applied.last_mut().unwrap().0 = day("2026-10-04");
    }
    let came_further = |company: &Company, table: &str, row: &str| {
        figures(line(&company.report(Kind::SelectionRates, "2026-10", Least::FEW), table, row))["came_further"].clone()
    };
    assert_eq!(came_further(&company, "applied_offered", "female"), "0");
    assert_eq!(came_further(&company, "invited_applied", "male"), "0", "they had applied the day before");
    // An offer in the case in which they applied is a step of it, and so is its acceptance.
    for offer in company.history.offers.values_mut() {
        offer.application = Uuid::from_u128(offer.application.as_u128() + 1_000);
        for (_, (on, _)) in &mut offer.steps {
            *on = day("2026-10-20");
        }
    }
    assert_eq!(came_further(&company, "applied_offered", "female"), "10");
    assert_eq!(came_further(&company, "offered_accepted", "female"), "0");
    for offer in company.history.offers.values_mut() {
        let (at, _) = offer.steps[0];
        offer.steps.push((at, (day("2026-10-21"), Step::Accepted)));
    }
    assert_eq!(came_further(&company, "offered_accepted", "female"), "10");
}

/// Age bands are the rows of a second table about the same people: it is told where all sexes are, and never so that a few
/// follow from the two.
#[test]
fn rates_of_selection_are_compared_by_age_band_as_well() {
    let invited = |bands: &[(u32, Option<AgeBand>, u8)], undeclared_sex: u32| {
        let mut company = Company::default();
        let mut number = 0;
        for (people, age_band, stages) in bands {
            for _ in 0..*people {
                number += 1;
                let stated = number > undeclared_sex;
                let sex = if stated { DeclaredSex::Female } else { DeclaredSex::NotStated };
                company.invited(number, "2026-10-05", Some(sex), *stages);
                let reference = VaultRef(Uuid::from_u128(u128::from(number) + 3_000));
                company.opened.declared.insert(reference, GroupDeclaration { sex, age_band: *age_band });
            }
        }
        company.report(Kind::SelectionRates, "2026-10", Least::FEW)
    };
    let (older, younger) = (Some(AgeBand::BornFrom1970), Some(AgeBand::BornFrom1990));
    let bands = [(24, younger, 2), (16, younger, 1), (12, older, 2), (18, older, 1)];
    let found = invited(&bands, 0);
    let of_age = line(&found, "applied_offered_by_age", "born_1970s");
    let expected = is(&[
        ("people", "30"),
        ("came_further", "12"),
        ("rate", "0.4000"),
        ("impact_ratio", "0.6667"),
        ("p", "0.146843"),
        ("more_selections", "3"),
    ]);
    assert_eq!((figures(of_age), raised(of_age)), (expected, Some(true)));
    // Three who say nothing of their age would follow from the women, who are all told, and the other bands: one more is kept back.
    let few = invited(&[(24, younger, 1), (18, older, 1), (3, None, 1)], 0);
    assert_eq!(figures(line(&few, "invited_applied", "female"))["people"], "45");
    let told = |row: &str| line(&few, "invited_applied_by_age", row).as_of.is_some();
    assert_eq!(["born_1990s", "born_1970s", "undeclared"].map(told), [true, false, false]);
    // Where three say nothing of their sex, ages would tell how many they are.
    let unstated = invited(&bands, 3);
    assert_eq!(line(&unstated, "invited_applied", "undeclared").as_of, None);
    assert_eq!(line(&unstated, "invited_applied_by_age", "born_1970s").as_of, None);
}

#[test]
fn sex_is_taken_from_a_declaration_before_the_file_and_never_for_another_under_the_same_number() {
    let mut company = Company::default();
    company.file("2026-09-01", &[("G4", 7_000_000, Some(Sex::Female)); 10]);
    for number in 0..10 {
        company.invited(number, "2026-10-05", None, 1);
        let departure = company.history.departures.get_mut(&Uuid::from_u128(u128::from(number) + 2_000)).unwrap();
        departure.employments[0].1 = (format!("A-{number}"), day("2015-04-01"));
    }
    let people = |company: &Company, group: &str| {
        let found = company.report(Kind::SelectionRates, "2026-10", Least::FEW);
        let line = found.lines.iter().find(|line| line.table == "invited_applied" && line.row == group);
        line.map(|line| figures(line).get("people").cloned().unwrap_or_default())
    };
    assert_eq!(people(&company, "female").as_deref(), Some("10"));
    // Five say nothing of themselves: then the file says nothing of them either.
    for number in 0..5 {
        company.history.declared.push((day("2026-10-06"), (person(number), None)));
    }
    assert_eq!(people(&company, "female").as_deref(), Some("5"));
    assert_eq!(people(&company, "undeclared").as_deref(), Some("5"));
    for departure in company.history.departures.values_mut() {
        departure.employments[0].1.1 = day("2001-04-01");
    }
    assert_eq!(people(&company, "female"), None);
}
