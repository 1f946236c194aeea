//! The PDF form: pages are laid out first, since every page shows how many there are.

use std::num::NonZeroU16;

use chrono::{Datelike as _, NaiveDate};
use krilla::color::luma;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::lines::{Face, Line, Mark, width};
use super::{Block, Paper, PrintError};

const PAGE_WIDTH: f32 = 595.276;
const PAGE_HEIGHT: f32 = 841.89;
/// 20 mm.
const MARGIN: f32 = 56.693;
const FULL_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
const LABEL_WIDTH: f32 = 150.0;
const VALUE_LEFT: f32 = LABEL_WIDTH + 14.0;
/// The footer ends here, in the lower margin.
const FOOTER_END: f32 = PAGE_HEIGHT - 36.0;
/// Room for the page number beside the footer.
const FOLIO_WIDTH: f32 = 60.0;
/// A longer footer goes to the end of the text, or it would crowd out the pages.
const MAX_FOOTER: usize = 8;
/// A block that is not higher than this stays in one piece.
const KEEP_WHOLE: f32 = 160.0;
const RULE: f32 = 0.5;
/// Files must not hold endless strings, and no reader shows a longer title.
const MAX_TITLE: usize = 200;

/// How a text is set. The grey keeps a contrast of seven to one on paper.
struct Style {
    size: f32,
    leading: f32,
    grey: u8,
    /// The font has one weight, so bold text gets an outline of this width.
    outline: f32,
}

const TITLE: Style = Style { size: 16.0, leading: 23.0, grey: 0x1a, outline: 0.4 };
const TITLE_EN: Style = Style { size: 10.5, leading: 15.0, grey: 0x59, outline: 0.0 };
const TEXT: Style = Style { size: 10.0, leading: 16.0, grey: 0x1a, outline: 0.0 };
const TEXT_EN: Style = Style { size: 9.0, leading: 13.5, grey: 0x59, outline: 0.0 };
const SMALL_EN: Style = Style { size: 8.0, leading: 12.0, grey: 0x59, outline: 0.0 };
const FOOT: Style = Style { size: 7.5, leading: 11.0, grey: 0x59, outline: 0.0 };

/// A line that waits for its place on a page.
struct Row {
    /// The text that the line is part of.
    slot: usize,
    style: &'static Style,
    line: Line,
    /// Space above the line, between the languages.
    gap: f32,
}

impl Row {
    fn height(&self) -> f32 {
        self.gap + self.style.leading
    }
}

/// Joins a text and its translation in one column.
fn stacked(mut first: Vec<Row>, mut second: Vec<Row>) -> Vec<Row> {
    if let (false, Some(row)) = (first.is_empty(), second.first_mut()) {
        row.gap = 2.0;
    }
    first.append(&mut second);
    first
}

struct Column {
    left: f32,
    rows: Vec<Row>,
}

impl Column {
    fn height(&self) -> f32 {
        self.rows.iter().map(Row::height).sum()
    }
}

/// Something at its place on a page.
enum Piece {
    Text { left: f32, top: f32, row: Row },
    Rule { top: f32 },
}

/// What the texts mean, for readers who cannot see the page. Numbers are slots.
enum Part {
    Title(usize),
    Japanese(usize),
    English(usize),
    Item { label: [usize; 2], value: [usize; 2] },
}

/// The laid out document.
struct Flow<'a> {
    face: &'a Face,
    done: Vec<Vec<Piece>>,
    page: Vec<Piece>,
    top: f32,
    bottom: f32,
    slots: usize,
    parts: Vec<Part>,
}

/// The whole file. With a day, it is a PDF/A-2a file.
pub(super) fn file(paper: &Paper, footer: &[String], dated: Option<NaiveDate>) -> Result<Vec<u8>, PrintError> {
    let face = Face::open()?;
    let mut settings = SerializeSettings::default();
    let mut metadata = Metadata::new().language("ja".to_owned());
    let title = plain_title(&paper.title);
    if !title.is_empty() {
        metadata = metadata.title(title.clone());
    }
    if let Some(day) = dated.and_then(date) {
        let archival = ConfigurationBuilder::new().with_archival_validator(Archival::A2_A).finish();
        settings.configuration = archival.map_err(|_| PrintError::Settings)?;
        metadata = metadata.creation_date(day);
    }
    let mut flow = Flow::new(&face);
    let foot = flow.footer(footer);
    flow.paper(paper);
    let foot = flow.end(foot);
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata);
    let marked = draw(&mut document, &face, &flow, &foot)?;
    document.set_tag_tree(tags(&flow.parts, marked, &title));
    Ok(document.finish()?)
}

/// A day as the file bears it; none before the common era.
fn date(day: NaiveDate) -> Option<DateTime> {
    let (month, on) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    Some(DateTime::new(u16::try_from(day.year()).ok()?).month(month).day(on))
}

/// The title for the metadata, which is XML and allows no control characters.
fn plain_title(title: &str) -> String {
    let plain = |ch: char| if ch.is_control() || matches!(ch, '\u{fffe}' | '\u{ffff}') { ' ' } else { ch };
    title.chars().take(MAX_TITLE).map(plain).collect::<String>().trim().to_owned()
}

impl<'a> Flow<'a> {
    fn new(face: &'a Face) -> Self {
        let bottom = PAGE_HEIGHT - MARGIN;
        Self { face, done: Vec::new(), page: Vec::new(), top: MARGIN, bottom, slots: 0, parts: Vec::new() }
    }

    /// Breaks a text into rows under a slot of its own.
    fn rows(&mut self, text: &str, style: &'static Style, room: f32) -> (usize, Vec<Row>) {
        let slot = self.slots;
        self.slots += 1;
        let lines = self.face.lines(text, room / style.size);
        (slot, lines.into_iter().map(|line| Row { slot, style, line, gap: 0.0 }).collect())
    }

    /// Breaks the footer first, because its height decides where the pages end.
    fn footer(&mut self, footer: &[String]) -> (Vec<usize>, Vec<Row>) {
        let mut slots = Vec::new();
        let mut all = Vec::new();
        for line in footer {
            let (slot, rows) = self.rows(line, &FOOT, FULL_WIDTH - FOLIO_WIDTH);
            slots.push(slot);
            all.extend(rows);
        }
        if all.len() <= MAX_FOOTER {
            self.bottom = FOOTER_END - all.iter().map(|row| row.style.leading).sum::<f32>().max(FOOT.leading) - 14.0;
        }
        (slots, all)
    }

    fn paper(&mut self, paper: &Paper) {
        let (slot, rows) = self.rows(&paper.title, &TITLE, FULL_WIDTH);
        self.parts.push(Part::Title(slot));
        self.place(vec![Column { left: 0.0, rows }]);
        let (slot, rows) = self.rows(&paper.title_en, &TITLE_EN, FULL_WIDTH);
        self.parts.push(Part::English(slot));
        self.place(vec![Column { left: 0.0, rows }]);
        self.top += 14.0;
        let mut in_list = false;
        for block in &paper.blocks {
            match block {
                Block::Item { label, label_en, value, value_en } => {
                    self.item([label, label_en], [value, value_en]);
                    in_list = true;
                }
                Block::Paragraph { japanese, english } => {
                    self.close_list(in_list);
                    in_list = false;
                    self.paragraph(japanese, english);
                }
            }
        }
        self.close_list(in_list);
    }

    fn close_list(&mut self, in_list: bool) {
        if in_list {
            self.page.push(Piece::Rule { top: self.top });
            self.top += 12.0;
        }
    }

    fn paragraph(&mut self, japanese: &str, english: &str) {
        let (slot, rows) = self.rows(japanese, &TEXT, FULL_WIDTH);
        self.parts.push(Part::Japanese(slot));
        let (slot, english) = self.rows(english, &TEXT_EN, FULL_WIDTH);
        self.parts.push(Part::English(slot));
        self.place(vec![Column { left: 0.0, rows: stacked(rows, english) }]);
        self.top += 10.0;
    }

    fn item(&mut self, labels: [&str; 2], values: [&str; 2]) {
        let (label, label_rows) = self.pair(labels, LABEL_WIDTH);
        let (value, value_rows) = self.pair(values, FULL_WIDTH - VALUE_LEFT);
        self.parts.push(Part::Item { label, value });
        let columns = vec![Column { left: 0.0, rows: label_rows }, Column { left: VALUE_LEFT, rows: value_rows }];
        let padding = 5.0;
        self.make_room(tallest(&columns) + 2.0 * padding);
        self.page.push(Piece::Rule { top: self.top });
        self.top += padding;
        self.place(columns);
        self.top += padding;
    }

    fn pair(&mut self, [japanese, english]: [&str; 2], room: f32) -> ([usize; 2], Vec<Row>) {
        let (first, rows) = self.rows(japanese, &TEXT, room);
        let (second, below) = self.rows(english, &SMALL_EN, room);
        ([first, second], stacked(rows, below))
    }

    /// Turns the page if a short block would be torn in two, and if there is no room for even one line.
    fn make_room(&mut self, height: f32) {
        let needed = if height > KEEP_WHOLE { 2.0 * TITLE.leading } else { height };
        if self.top + needed > self.bottom {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.top = MARGIN;
    }

    /// Sets columns side by side. What does not fit goes on at the top of the next page.
    fn place(&mut self, columns: Vec<Column>) {
        self.make_room(tallest(&columns));
        let mut columns: Vec<_> =
            columns.into_iter().map(|column| (column.left, column.rows.into_iter().peekable())).collect();
        loop {
            let mut end = self.top;
            let mut is_left_over = false;
            for (left, rows) in &mut columns {
                let mut top = self.top;
                while let Some(row) = rows.next_if(|row| top + row.height() <= self.bottom) {
                    let height = row.height();
                    self.page.push(Piece::Text { left: *left, top: top + row.gap, row });
                    top += height;
                }
                end = end.max(top);
                is_left_over |= rows.peek().is_some();
            }
            self.top = end;
            if !is_left_over {
                return;
            }
            self.turn();
        }
    }

    /// Closes the last page. The footer comes back unless it was too long to stand on every page.
    fn end(&mut self, (slots, rows): (Vec<usize>, Vec<Row>)) -> Vec<Row> {
        self.parts.extend(slots.into_iter().map(Part::Japanese));
        let mut foot = rows;
        if foot.len() > MAX_FOOTER {
            self.place(vec![Column { left: 0.0, rows: std::mem::take(&mut foot) }]);
        }
        self.turn();
        foot
    }
}

fn tallest(columns: &[Column]) -> f32 {
    columns.iter().map(Column::height).fold(0.0, f32::max)
}

/// Identifiers of drawn text with the slot that each belongs to.
type Marked = Vec<(usize, Identifier)>;

fn draw(document: &mut Document, face: &Face, flow: &Flow<'_>, foot: &[Row]) -> Result<Marked, PrintError> {
    let mut marked = Vec::new();
    let count = flow.done.len();
    for (index, pieces) in flow.done.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(PrintError::PageSize)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for piece in pieces {
            match piece {
                Piece::Text { left, top, row } => text(&mut surface, face, (MARGIN + left, *top), row, &mut marked),
                Piece::Rule { top } => rule(&mut surface, *top),
            }
        }
        let number = index + 1;
        draw_footer(&mut surface, face, foot, number == count, &mut marked);
        folio(&mut surface, face, foot, &format!("{number} / {count}"));
        surface.finish();
        page.finish();
    }
    Ok(marked)
}

/// The footer repeats on every page, so it is read out only once, at the end.
fn draw_footer(surface: &mut Surface<'_>, face: &Face, foot: &[Row], is_last: bool, marked: &mut Marked) {
    let mut top = footer_top(foot);
    rule(surface, top - 5.0);
    for row in foot {
        if is_last {
            text(surface, face, (MARGIN, top), row, marked);
        } else {
            artifact(surface, face, (MARGIN, top), row.style, &row.line, ArtifactType::Footer);
        }
        top += row.style.leading;
    }
}

fn footer_top(foot: &[Row]) -> f32 {
    FOOTER_END - foot.iter().map(|row| row.style.leading).sum::<f32>().max(FOOT.leading)
}

fn folio(surface: &mut Surface<'_>, face: &Face, foot: &[Row], number: &str) {
    for line in face.lines(number, FULL_WIDTH) {
        let left = PAGE_WIDTH - MARGIN - width(&line) * FOOT.size;
        artifact(surface, face, (left, footer_top(foot)), &FOOT, &line, ArtifactType::PageNumber);
    }
}

fn fill(grey: u8) -> Fill {
    Fill { paint: luma::Color::new(grey).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn rule(surface: &mut Surface<'_>, top: f32) {
    let mut builder = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(MARGIN, top - RULE / 2.0, FULL_WIDTH, RULE) {
        builder.push_rect(rect);
    }
    if let Some(path) = builder.finish() {
        surface.set_fill(Some(fill(0xb4)));
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        surface.draw_path(&path);
        surface.end_tagged();
    }
}

/// Draws text that is no part of the content proper.
fn artifact(
    surface: &mut Surface<'_>,
    face: &Face,
    place: (f32, f32),
    style: &Style,
    line: &[Mark],
    kind: ArtifactType,
) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    glyphs(surface, face, place, style, line);
    surface.end_tagged();
}

/// Draws one row, and notes which marked pieces it consists of.
fn text(surface: &mut Surface<'_>, face: &Face, (mut left, top): (f32, f32), row: &Row, marked: &mut Marked) {
    // A glyph that stands for another text needs a span of its own, which carries that text.
    for run in row.line.chunk_by(|one, next| one.text.is_some() == next.text.is_some()) {
        let real: String = run.iter().filter_map(|mark| mark.text.as_deref()).collect();
        let actual = (!real.is_empty()).then_some(real.as_str());
        let id = surface.start_tagged(ContentTag::Span(SpanTag::empty().with_actual_text(actual)));
        glyphs(surface, face, (left, top), row.style, run);
        surface.end_tagged();
        marked.push((row.slot, id));
        left += width(run) * row.style.size;
    }
}

fn glyphs(surface: &mut Surface<'_>, face: &Face, (left, top): (f32, f32), style: &Style, run: &[Mark]) {
    let mut drawn = String::new();
    let glyphs: Vec<KrillaGlyph> = run
        .iter()
        .map(|mark| {
            let start = drawn.len();
            drawn.push(mark.drawn);
            KrillaGlyph::new(GlyphId::new(mark.glyph), mark.advance, 0.0, 0.0, 0.0, start..drawn.len(), None)
        })
        .collect();
    // The glyphs of the font stand on a line at 88 % of their height.
    let baseline = top + (style.leading - style.size) / 2.0 + style.size * 0.88;
    surface.set_fill(Some(fill(style.grey)));
    if style.outline > 0.0 {
        let paint = luma::Color::new(style.grey).into();
        surface.set_stroke(Some(Stroke { paint, width: style.outline, ..Stroke::default() }));
    }
    surface.draw_glyphs(Point::from_xy(left, baseline), &glyphs, face.font.clone(), &drawn, style.size, false);
    surface.set_stroke(None);
}

/// Says what each drawn text is: title, list of labels and values, or paragraph.
fn tags(parts: &[Part], marked: Marked, title: &str) -> TagTree {
    let mut by_slot: Vec<Vec<Node>> = Vec::new();
    for (slot, id) in marked {
        if by_slot.len() <= slot {
            by_slot.resize_with(slot + 1, Vec::new);
        }
        if let Some(nodes) = by_slot.get_mut(slot) {
            nodes.push(id.into());
        }
    }
    let mut take = |slot: usize| by_slot.get_mut(slot).map(std::mem::take).unwrap_or_default();
    let mut tree = TagTree::new().with_lang(Some("ja".to_owned()));
    let mut list = TagGroup::new(Tag::L(ListNumbering::None));
    for part in parts {
        if !matches!(part, Part::Item { .. }) {
            close(&mut tree, &mut list);
        }
        match part {
            Part::Title(slot) => {
                let heading = Tag::Hn(NonZeroU16::MIN, (!title.is_empty()).then(|| title.to_owned()));
                push(&mut tree.children, heading, take(*slot));
            }
            Part::Japanese(slot) => push(&mut tree.children, Tag::P, take(*slot)),
            Part::English(slot) => push(&mut tree.children, Tag::P.with_lang(Some(english())), take(*slot)),
            Part::Item { label, value } => {
                let mut item = Vec::new();
                push(
                    &mut item,
                    Tag::Lbl,
                    bilingual(label.map(&mut take), Tag::Span, Tag::Span.with_lang(Some(english()))),
                );
                push(&mut item, Tag::LBody, bilingual(value.map(&mut take), Tag::P, Tag::P.with_lang(Some(english()))));
                push(&mut list.children, Tag::LI, item);
            }
        }
    }
    close(&mut tree, &mut list);
    tree
}

fn close(tree: &mut TagTree, list: &mut TagGroup) {
    let items = std::mem::take(&mut list.children);
    push(&mut tree.children, Tag::L(ListNumbering::None), items);
}

fn english() -> String {
    "en".to_owned()
}

fn bilingual(
    [japanese, english]: [Vec<Node>; 2],
    japanese_tag: impl Into<TagKind>,
    english_tag: impl Into<TagKind>,
) -> Vec<Node> {
    let mut both = Vec::new();
    push(&mut both, japanese_tag, japanese);
    push(&mut both, english_tag, english);
    both
}

/// Adds a group, unless there is nothing in it.
fn push(nodes: &mut Vec<Node>, tag: impl Into<TagKind>, children: Vec<Node>) {
    if !children.is_empty() {
        nodes.push(TagGroup::with_children(tag, children).into());
    }
}
