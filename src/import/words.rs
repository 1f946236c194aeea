//! Closed lists: the words of HR systems and the codes they stand for.

use unicode_normalization::UnicodeNormalization;

use super::fault::Fault;

/// A code and the words for it, in the form of [`plain`].
type Meaning = (&'static str, &'static [&'static str]);

const EMPLOYMENT_TYPES: &[Meaning] = &[
    ("regular", &["正社員", "正規", "正規社員", "正規雇用", "正職員"]),
    (
        "fixed_term",
        &[
            "契約社員",
            "契約",
            "契約職員",
            "有期",
            "有期雇用",
            "有期契約",
            "有期契約社員",
            "有期雇用社員",
            "嘱託",
            "嘱託社員",
        ],
    ),
    (
        "part_time",
        &[
            "パート",
            "パート社員",
            "パートタイム",
            "パートタイマー",
            "アルバイト",
            "バイト",
            "パートアルバイト",
            "パート・アルバイト",
            "パート/アルバイト",
        ],
    ),
    ("contractor", &["業務委託", "業務委託契約", "委託", "請負", "個人事業主", "フリーランス"]),
];

/// Reasons of the person's own, which may stand behind 自己都合.
const OWN_REASONS: &[Meaning] = &[
    ("career_change", &["転職", "転職のため", "他社へ転職", "他社への転職", "キャリアアップ", "キャリアチェンジ"]),
    (
        "relocation",
        &[
            "転居",
            "転居のため",
            "引越",
            "引越し",
            "引っ越し",
            "配偶者の転勤",
            "配偶者転勤",
            "配偶者の転勤のため",
            "家族の転勤",
        ],
    ),
    (
        "childcare",
        &["育児", "育児のため", "出産", "出産育児", "出産・育児", "妊娠・出産", "結婚・出産・育児", "子育て"],
    ),
    ("family_care", &["介護", "介護のため", "家族の介護", "家族介護", "親の介護", "親族の介護"]),
    ("study", &["進学", "進学のため", "大学院進学", "留学", "学業", "就学"]),
    (
        "health",
        &["病気療養", "病気", "病気のため", "療養", "病気療養のため", "傷病", "私傷病", "体調不良", "健康上の理由"],
    ),
    ("other", &["その他", "その他の理由"]),
];

const OTHER_REASONS: &[Meaning] = &[
    ("end_of_term", &["契約期間満了", "契約期間の満了", "契約満了", "期間満了", "雇用期間満了", "任期満了"]),
    ("retirement", &["定年", "定年退職", "定年のため"]),
    ("redundancy", &["会社都合", "会社都合退職", "整理解雇", "人員整理", "事業縮小", "事業所閉鎖"]),
    ("misconduct", &["懲戒解雇", "懲戒免職", "懲戒", "諭旨解雇", "諭旨退職"]),
    ("transfer", &["転籍", "転籍出向", "移籍"]),
    ("death", &["死亡", "死亡退職", "逝去"]),
];

const SEXES: &[Meaning] = &[
    ("female", &["女", "女性", "f"]),
    ("male", &["男", "男性", "m"]),
    ("other", &["その他", "x"]),
    ("undisclosed", &["回答しない", "無回答", "未回答", "不明"]),
];

/// Ways to say that the reason was the person's own, with nothing said about it.
const OWN: [&str; 4] = ["自己都合による退職", "自己都合退職", "自己都合", "一身上の都合"];

const YES: &[&str] =
    &["true", "yes", "y", "1", "有", "有り", "あり", "○", "〇", "◯", "はい", "希望", "希望する", "希望あり", "希望有"];
const NO: &[&str] =
    &["false", "no", "n", "0", "無", "無し", "なし", "×", "✕", "x", "いいえ", "希望しない", "希望なし", "希望無"];

/// How a person was employed: `regular`, `fixed_term`, `part_time` or `contractor`.
pub(super) fn employment_type(written: &str) -> Result<&'static str, Fault> {
    meaning(EMPLOYMENT_TYPES, &plain(written)).ok_or(Fault::UnknownValue {
        known_en: "regular, fixed_term, part_time, contractor",
        known_ja: "正社員、契約社員、パート、業務委託",
    })
}

/// The sex that a person has in the files, read for monitoring alone: `female`, `male`, `other` or `undisclosed`.
pub(super) fn sex(written: &str) -> Result<&'static str, Fault> {
    meaning(SEXES, &plain(written)).ok_or(Fault::UnknownValue {
        known_en: "female, male, other, undisclosed",
        known_ja: "女性、男性、その他、回答しない",
    })
}

/// A currency by its code of three letters; yen also as 円.
pub(super) fn currency(written: &str) -> Result<String, Fault> {
    let code = plain(written).to_ascii_uppercase();
    match code.as_str() {
        "円" | "日本円" | "YEN" => Ok("JPY".to_owned()),
        code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(code.to_owned()),
        _ => Err(Fault::NotACurrency),
    }
}

/// Why a person left, as one of our codes. A word that could mean two things is not guessed at.
pub(super) fn reason(written: &str) -> Result<&'static str, Fault> {
    let written = plain(written);
    let own = OWN.iter().find_map(|own| written.strip_prefix(own)).map(|detail| {
        let detail = detail.trim_matches(|mark| "()[]:・/-_、,".contains(mark));
        if matches!(detail, "" | "により" | "による" | "のため") {
            Some("other")
        } else {
            meaning(OWN_REASONS, detail)
        }
    });
    own.unwrap_or_else(|| meaning(OWN_REASONS, &written).or_else(|| meaning(OTHER_REASONS, &written))).ok_or(
        Fault::UnknownValue {
            known_en: "career_change, relocation, childcare, family_care, study, health, end_of_term, retirement, \
                       redundancy, misconduct, transfer, death, other",
            known_ja: "自己都合(転職)、自己都合(配偶者の転勤)、育児、介護、進学、病気療養、契約期間満了、定年、会社都合、懲戒解雇、転籍、\
                       死亡、その他",
        },
    )
}

/// Yes or no.
pub(super) fn yes_or_no(written: &str) -> Result<bool, Fault> {
    let written = plain(written);
    if YES.contains(&written.as_str()) {
        Ok(true)
    } else if NO.contains(&written.as_str()) {
        Ok(false)
    } else {
        Err(Fault::UnknownValue { known_en: "true, false, yes, no", known_ja: "有、無、はい、いいえ" })
    }
}

fn meaning(meanings: &[Meaning], plain: &str) -> Option<&'static str> {
    meanings.iter().find(|(code, words)| *code == plain || words.contains(&plain)).map(|(code, _)| *code)
}

/// A word without width, case and spaces.
fn plain(written: &str) -> String {
    written.nfkc().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_their_plain_form_and_mean_one_thing() {
        for meanings in [EMPLOYMENT_TYPES.to_vec(), SEXES.to_vec(), [OWN_REASONS, OTHER_REASONS].concat()] {
            let words: Vec<_> = meanings.iter().flat_map(|(code, words)| words.iter().chain([code])).collect();
            for word in &words {
                assert_eq!(plain(word), **word);
                assert_eq!(words.iter().filter(|other| other == &word).count(), 1, "{word}");
            }
        }
        for word in YES.iter().chain(NO) {
            assert_eq!(plain(word), *word);
            assert!(!(YES.contains(word) && NO.contains(word)));
        }
    }

    #[test]
    fn types_of_employment() {
        for (written, code) in [
            ("regular", "regular"),
            ("正社員", "regular"),
            ("契約社員", "fixed_term"),
            ("嘱託", "fixed_term"),
            ("ﾊﾟｰﾄ", "part_time"),
            ("アルバイト", "part_time"),
            ("Part_Time", "part_time"),
            ("業務委託", "contractor"),
        ] {
            assert_eq!(employment_type(written), Ok(code), "{written}");
        }
        assert!(employment_type("派遣社員").is_err() && employment_type("役員").is_err());
    }

    #[test]
    fn reasons_for_leaving() {
        for (written, code) in [
            ("career_change", "career_change"),
            ("自己都合(転職)", "career_change"),
            ("自己都合（転職）", "career_change"),
            ("自己都合・転職", "career_change"),
            ("自己都合退職(介護)", "family_care"),
            ("自己都合(配偶者の転勤)", "relocation"),
            ("自己都合", "other"),
            ("自己都合退職", "other"),
            ("一身上の都合により", "other"),
            ("一身上の都合", "other"),
            ("育児", "childcare"),
            ("介護", "family_care"),
            ("進学", "study"),
            ("病気療養", "health"),
            ("契約期間満了", "end_of_term"),
            ("定年", "retirement"),
            ("会社都合", "redundancy"),
            ("懲戒解雇", "misconduct"),
            ("その他", "other"),
            ("転籍", "transfer"),
            ("死亡", "death"),
        ] {
            assert_eq!(reason(written), Ok(code), "{written}");
        }
        for written in ["円満退職", "自己都合(定年)", "自己都合(謎)", "結婚", "解雇", "退職"] {
            assert!(reason(written).is_err(), "{written}");
        }
    }

    #[test]
    fn currencies() {
        for (written, code) in [("JPY", "JPY"), ("ｊｐｙ", "JPY"), ("円", "JPY"), (" usd ", "USD")] {
            assert_eq!(currency(written), Ok(code.to_owned()), "{written}");
        }
        for written in ["ドル", "JP", "EURO", "J1Y"] {
            assert_eq!(currency(written), Err(Fault::NotACurrency), "{written}");
        }
    }

    #[test]
    fn sexes() {
        for (written, code) in [("female", "female"), ("女", "female"), ("Ｍ", "male"), ("回答しない", "undisclosed")]
        {
            assert_eq!(sex(written), Ok(code), "{written}");
        }
        assert!(sex("女子").is_err());
    }

    #[test]
    fn yes_and_no() {
        for written in ["true", "TRUE", "Yes", "１", "有", "あり", "○", "はい", "希望する"] {
            assert_eq!(yes_or_no(written), Ok(true), "{written}");
        }
        for written in ["false", "No", "０", "無", "なし", "×", "いいえ", "希望しない"] {
            assert_eq!(yes_or_no(written), Ok(false), "{written}");
        }
        assert!(yes_or_no("未定").is_err() && yes_or_no("2").is_err());
    }
}
