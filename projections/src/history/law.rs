//! The law or the employer's own rule that a rule stands on, for lines of events that name none themselves.

/// What a rule stands on. Nothing for what depends on the country (LAB-10, LAB-13, LAB-14), which the finding itself names, and
/// for what is no rule with an id, such as the version of one.
pub(super) fn behind(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "REF-01" | "REF-06" => "職業安定法36条・40条",
        "REF-02" => "職業安定法40条・労働基準法89条",
        "REF-03" => "職業安定法40条・労働基準法24条",
        "REF-04" | "REF-09" => "職業安定法40条",
        "REF-05" => "職業安定法30条",
        "REF-07" => "職業安定法36条3項",
        "REF-10" => "職業安定法40条・リファラル手当規程",
        "REF-11" => "職業安定法5条の5",
        "REF-15" => "労基法16条",
        "REF-16" => "労基法16条・24条",
        "REF-18" => "所得税法28条・健康保険法3条",
        "REF-13" | "REF-14" | "REF-17" | "REF-19" | "REF-20" | "REF-21" => "リファラル手当規程",
        "PAY-01" => "パートタイム・有期雇用労働法8条・9条",
        "PAY-02" => "パートタイム・有期雇用労働法14条",
        "PAY-03" => "労働基準法3条・4条",
        "PAY-05" => "Directive (EU) 2023/970 art. 5",
        "PAY-06" => "Directive (EU) 2023/970 art. 10",
        "PAY-08" => "女性活躍推進法20条",
        "MON-03" => "労働基準法4条・Directive (EU) 2023/970 art. 9",
        "MON-04" => "職業安定法5条の5",
        "MON-01" | "MON-02" | "MON-05" => "賃金決定の基準",
        "PAY-09" => "最低賃金法4条",
        "PAY-04" | "PAY-07" | "PAY-10" | "PAY-20" | "PAY-21" | "PAY-22" | "PAY-23" | "PAY-24" | "PAY-25" | "PAY-26"
        | "PAY-27" | "PAY-28" => "賃金決定の基準",
        "LAB-01" => "労働施策総合推進法9条",
        "LAB-02" => "育児・介護休業法27条",
        "LAB-03" => "労働契約法18条・通算契約期間基準省令",
        "LAB-04" => "労働者派遣法35条の5",
        "LAB-05" => "労働基準法39条・昭63.3.14基発150号",
        "LAB-07" => "所得税法施行令69条1項",
        "LAB-08" => "雇用保険法施行規則82条",
        "LAB-09" => "労働基準法15条",
        "LAB-11" => "健康保険法施行規則24条・厚生年金保険法施行規則15条・雇用保険法施行規則6条・労働安全衛生規則43条",
        "LAB-12" => "TzBfG §14(2)",
        "PRV-01" => "個人情報保護法17条・18条",
        "PRV-02" => "GDPR art. 6, 7, 21",
        "PRV-03" | "PRV-04" => "個人情報保護法22条",
        "PRV-09" => "個人情報保護法32条〜35条",
        "PRV-13" => "労働組合法7条・公益通報者保護法・男女雇用機会均等法9条",
        "ERA-04" => "個人情報保護法22条・35条",
        "ELG-01" | "ELG-02" | "ELG-03" | "ELG-04" | "ELG-05" | "ELG-06" | "ELG-07" | "ELG-08" | "ELG-09" => {
            "アルムナイ制度規程"
        }
        "AUD-05" | "AUD-06" | "AUD-12" => "職務権限規程",
        _ => return None,
    })
}
