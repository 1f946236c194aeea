//! From text to lines: glyphs, widths and line breaking.

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

use super::{PrintError, split_lines};

static FONT: &[u8] = include_bytes!("../../assets/fonts/BIZUDPGothic-Regular.ttf");

/// Stands for a character that the font lacks, as printers in Japan have always done it.
const GETA: char = '〓';
/// Invisible characters behind one glyph are cut here, so that no string in the file grows without bound.
const MAX_INVISIBLE: usize = 64;
/// Must not begin a line.
const NO_START: &str = "、。，．・：；？！ー゛゜ヽヾゝゞ々〻’”）〕］｝〉》」』】〙〗〟｠»\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ‐゠–〜～‼⁇⁈⁉…‥?!,.:;)]}%％‰℃°′″¢￠｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ";
/// Must not end a line.
const NO_END: &str = "（「『【〔〈《［｛〘〖〝｟«‘“([{¥￥$＄£￡€№＃#";
/// Stay on the line of the number before them.
const UNITS: &str = "円年月日時分秒人名件回歳条項号万億";

/// One glyph with the text that it stands for.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// The glyph in the font.
    pub(super) glyph: u32,
    /// The width, as a part of the font size.
    pub(super) advance: f32,
    /// The character that is drawn.
    pub(super) drawn: char,
    /// The real text, where it is not the drawn character.
    pub(super) text: Option<String>,
}

impl Mark {
    fn is_space(&self) -> bool {
        matches!(self.drawn, ' ' | '\u{3000}')
    }
}

/// One line of glyphs.
pub(super) type Line = Vec<Mark>;

/// The width of a line, as a part of the font size.
pub(super) fn width(line: &[Mark]) -> f32 {
    line.iter().map(|mark| mark.advance).sum()
}

/// The embedded font, opened for measuring and for drawing.
pub(super) struct Face {
    /// The font as the PDF library wants it.
    pub(super) font: Font,
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
    geta: Mark,
}

impl Face {
    pub(super) fn open() -> Result<Self, PrintError> {
        let font = Font::new(FONT.into(), 0).ok_or(PrintError::Font)?;
        let reader = FontRef::new(FONT).map_err(|_| PrintError::Font)?;
        let mut face = Self {
            characters: reader.charmap(),
            metrics: reader.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units: font.units_per_em(),
            geta: Mark { glyph: 0, advance: 1.0, drawn: GETA, text: None },
            font,
        };
        // Without this glyph, a missing character could only be shown as nothing.
        face.geta = face.mark(GETA).ok_or(PrintError::Font)?;
        Ok(face)
    }

    /// Breaks a text into lines of at most `limit` times the font size.
    pub(super) fn lines(&self, text: &str, limit: f32) -> Vec<Line> {
        split_lines(text).iter().flat_map(|line| wrap(self.marks(line), limit)).collect()
    }

    fn mark(&self, ch: char) -> Option<Mark> {
        let glyph = self.characters.map(ch).filter(|glyph| glyph.to_u32() != 0)?;
        let advance = self.metrics.advance_width(glyph)? / self.units;
        Some(Mark { glyph: glyph.to_u32(), advance, drawn: ch, text: None })
    }

    /// Every character gets a glyph, so that nothing in the text is lost silently.
    fn marks(&self, line: &str) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for ch in line.chars() {
            if ch == '\t' {
                marks.extend(self.mark(' ').into_iter().cycle().take(4));
            } else if is_invisible(ch) {
                // These have no shape of their own, but they belong to the text of the glyph before them.
                if let Some(last) = marks.last_mut() {
                    let text = last.text.get_or_insert_with(|| last.drawn.to_string());
                    if text.len() < MAX_INVISIBLE {
                        text.push(ch);
                    }
                }
            } else {
                marks.push(self.mark(ch).unwrap_or_else(|| self.substitute(ch)));
            }
        }
        marks
    }

    fn substitute(&self, ch: char) -> Mark {
        if ch.is_whitespace()
            && !ch.is_control()
            && let Some(space) = self.mark(' ')
        {
            return Mark { text: Some(ch.to_string()), ..space };
        }
        // Readers choke on control characters, so only the fact that there was one is kept.
        let real = if ch.is_control() { char::REPLACEMENT_CHARACTER } else { ch };
        Mark { text: Some(real.to_string()), ..self.geta.clone() }
    }
}

/// Joiners, direction marks, variation selectors and other characters that Unicode says not to show.
fn is_invisible(ch: char) -> bool {
    matches!(ch, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn is_digit(ch: char) -> bool {
    ch.is_ascii_digit() || ('０'..='９').contains(&ch)
}

/// Scripts and symbols that are set without spaces, so that a line may break on either side.
fn is_japanese(ch: char) -> bool {
    matches!(ch, '\u{1100}'..='\u{11ff}' | '\u{203b}' | '\u{2190}'..='\u{27bf}' | '\u{2e80}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff01}'..='\u{ffef}' | '\u{1f000}'..='\u{1faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a line may end between these two characters.
fn may_break(before: char, after: char) -> bool {
    let is_space = |ch| matches!(ch, ' ' | '\u{3000}');
    // Spaces stay at the end of the line, where nobody sees them.
    let is_bound = is_space(after) || before == '\u{a0}' || after == '\u{a0}';
    let is_amount = is_digit(before) && (is_digit(after) || UNITS.contains(after));
    let is_dash = before == after && matches!(before, '—' | '―' | '─');
    if is_bound || is_amount || is_dash || NO_START.contains(after) || NO_END.contains(before) {
        return false;
    }
    // Compounds and addresses may break after their joints.
    let is_joint = matches!(before, '-' | '/') && after.is_alphabetic();
    is_space(before) || is_joint || is_japanese(before) || is_japanese(after)
}

/// Fills lines one after another. A word breaks inside only if it is longer than a whole line.
fn wrap(marks: Vec<Mark>, limit: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line: Line = Vec::new();
    let mut filled = 0.0;
    let mut cut = 0;
    for mark in marks {
        if line.last().is_some_and(|last| may_break(last.drawn, mark.drawn)) {
            cut = line.len();
        }
        while filled + mark.advance > limit && !mark.is_space() && !line.is_empty() {
            let rest = line.split_off(if cut == 0 { line.len() } else { cut });
            lines.push(without_overhang(std::mem::replace(&mut line, rest), limit));
            filled = width(&line);
            cut = 0;
        }
        filled += mark.advance;
        line.push(mark);
    }
    lines.push(without_overhang(line, limit));
    lines
}

/// Keeps one space past the edge, which separates words for those who copy the text.
fn without_overhang(mut line: Line, limit: f32) -> Line {
    let mut filled = width(&line);
    while let [.., before, last] = line.as_slice() {
        if filled <= limit || !last.is_space() || !before.is_space() {
            break;
        }
        filled -= last.advance;
        line.pop();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, limit: f32) -> Vec<String> {
        let face = Face::open().unwrap();
        face.lines(text, limit).iter().map(|line| line.iter().map(|mark| mark.drawn).collect()).collect()
    }

    #[test]
    fn closing_marks_do_not_begin_a_line() {
        // Ten kanji fill the line, so the full stop must take the last one along.
        assert_eq!(texts("一二三四五六七八九十。次", 10.0), ["一二三四五六七八九", "十。次"]);
        assert_eq!(texts("一二三四五六七八九ャ次", 9.0), ["一二三四五六七八", "九ャ次"]);
    }

    #[test]
    fn opening_brackets_do_not_end_a_line() {
        assert_eq!(texts("一二三四五六七八九「次", 9.6), ["一二三四五六七八九", "「次"]);
    }

    #[test]
    fn words_and_amounts_stay_whole() {
        assert_eq!(texts("some words here", 7.0), ["some words ", "here"]);
        assert_eq!(texts("支給額は300,000円", 7.0), ["支給額は", "300,000円"]);
        assert_eq!(texts("incomprehensibilities", 5.0).concat(), "incomprehensibilities");
    }

    #[test]
    fn forced_breaks_always_advance() {
        assert_eq!(texts(&"。".repeat(100), 5.0).concat().chars().count(), 100);
        assert_eq!(texts(&"x".repeat(10_000), 0.1).len(), 10_000);
        assert!(texts(&" ".repeat(10_000), 5.0).concat().len() < 30);
    }

    #[test]
    fn newlines_break_lines() {
        assert_eq!(texts("甲\r\n乙\n\n丙\n", 20.0), ["甲", "乙", "", "丙"]);
        assert!(texts("", 20.0).is_empty());
    }

    #[test]
    fn missing_characters_become_geta_and_keep_their_text() {
        let face = Face::open().unwrap();
        let lines = face.lines("a😀\u{fe0f}\u{0}葛\u{e0100}", 50.0);
        let found: Vec<_> = lines.iter().flatten().map(|mark| (mark.drawn, mark.text.as_deref())).collect();
        let expected = [('a', None), ('〓', Some("😀\u{fe0f}")), ('〓', Some("\u{fffd}")), ('葛', Some("葛\u{e0100}"))];
        assert_eq!(found, expected);
    }

    #[test]
    fn font_covers_everyday_symbols() {
        let face = Face::open().unwrap();
        let missing: String =
            "〜～—－・（）円¥￥①⑳㈱℡№…‥※●○→％﨑髙々〆ー".chars().filter(|&ch| face.mark(ch).is_none()).collect();
        assert_eq!(missing, "");
    }
}
