//! Numbers as they are written in figures, in characters, and in both: 3,500, 三千五, 5万4千, 二零零八, 五又三分之一.

use super::text::Text;

/// A number that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// The first character after it.
    pub end: usize,
    /// What it amounts to; the lower end of 三五百.
    pub value: f64,
    /// The upper end, where two are named.
    pub most: Option<f64>,
    /// How it is written.
    pub form: Form,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In figures alone: so many of them before the point.
    Figures(usize),
    /// As so many digits that are read one by one: 二零零八, 五.
    Digits(usize),
    /// With tens, hundreds and the like, of which a part may be figures.
    Counted,
    /// With a fraction, a point or a sign.
    Other,
}

impl Number {
    /// The value where it is whole and one.
    pub(super) fn whole(&self) -> Option<i64> {
        let is_whole = self.most.is_none() && self.value.fract() == 0.0 && self.value.abs() < 1e15;
        is_whole.then_some(self.value as i64)
    }
}

/// Reads the number that starts at `at`, as long as it goes.
pub(super) fn number(text: &Text, at: usize) -> Option<Number> {
    let (start, sign) = match text.at(at) {
        '负' => (text.over_spaces(at + 1), -1.0),
        '-' if !text.before(at).is_alphanumeric() => (at + 1, -1.0),
        _ => (at, 1.0),
    };
    let one = unsigned(text, start)?;
    if sign > 0.0 {
        return Some(one);
    }
    Some(Number { value: -one.value, most: one.most.map(|most| -most), form: Form::Other, ..one })
}

fn unsigned(text: &Text, at: usize) -> Option<Number> {
    let whole = mixed(text, at)?;
    if whole.most.is_some() {
        return Some(whole);
    }
    Some(with_fraction(text, &whole).unwrap_or(whole))
}

/// `A又B分之C`, `B分之C`, `A B/C`, `B/C`.
fn with_fraction(text: &Text, first: &Number) -> Option<Number> {
    let behind = text.over_spaces(first.end);
    if text.at(behind) == '又' {
        let (end, part) = fraction(text, &mixed(text, text.over_spaces(behind + 1))?)?;
        return Some(Number { end, value: first.value + part, most: None, form: Form::Other });
    }
    if let Form::Figures(_) = first.form
        && behind > first.end
        && let Some(bottom) = mixed(text, behind)
        && let Some((end, part)) = fraction(text, &bottom).filter(|_| text.at(bottom.end) == '/')
    {
        return Some(Number { end, value: first.value + part, most: None, form: Form::Other });
    }
    let (end, value) = fraction(text, first)?;
    Some(Number { end, value, most: None, form: Form::Other })
}

/// The fraction that `first` starts: `B分之C`, or `C/B` in figures.
fn fraction(text: &Text, first: &Number) -> Option<(usize, f64)> {
    if let Some(over) = text.word(text.over_spaces(first.end), "分之") {
        let over = text.over_spaces(over);
        let (over, sign) = if text.at(over) == '负' { (over + 1, -1.0) } else { (over, 1.0) };
        let top = mixed(text, over)?;
        return (first.value != 0.0).then(|| (top.end, sign * top.value / first.value));
    }
    let is_figures = |number: &Number| matches!(number.form, Form::Figures(_));
    if !is_figures(first) || text.at(first.end) != '/' {
        return None;
    }
    let bottom = mixed(text, first.end + 1).filter(is_figures)?;
    let ends = !matches!(text.at(bottom.end), '/' | '年' | '月');
    (ends && bottom.value != 0.0).then(|| (bottom.end, first.value / bottom.value))
}

/// A number of figures, digits and units, with a decimal part: 5万4千, 三千五, 十点二三, 36.57亿.
fn mixed(text: &Text, at: usize) -> Option<Number> {
    // 百三 and 千三 leave out the one that is before.
    let leads = matches!(text.at(at), '百' | '千') && digit(text.at(at + 1)).is_some_and(|digit| digit > 0);
    let mut sum = if leads { Sum { open: Some(1.0), ..Sum::default() } } else { Sum::default() };
    let (mut place, mut without_last) = (at, None);
    while let Some(step) = step(text, place, &sum) {
        let Some(next) = sum.clone().take(step.what) else { break };
        without_last = (next.ends_open && sum.has_unit).then_some((sum, place));
        (sum, place) = (next, step.end);
        // Between characters of one number an engine may put spaces; what follows must still be of it.
        let over = text.over_spaces(place);
        let goes_on = over > place && sum.goes_on(text, over);
        place = if goes_on { over } else { place };
    }
    // 八百一千 is two numbers: the last digit belongs to the unit behind it.
    if unit(text.at(place)).is_some()
        && let Some((sum, place)) = without_last
    {
        return sum.finish(at, place);
    }
    sum.finish(at, place)
}

/// What stands at a place of a number.
#[derive(Clone, Copy, Debug)]
enum What {
    Digit(u8),
    /// In figures: the value, and how many of them stand before the point.
    Figures(f64, usize),
    Zero,
    /// Ten, a hundred, a thousand.
    Small(f64),
    /// Ten thousand and its powers.
    Big(f64),
    /// 二十, 三十.
    Tens(f64),
    /// 几, which counts as nothing: 十几万.
    Some,
    /// 多, 余: nothing either.
    More,
    /// Behind a point: the value of the digits there.
    Decimal(f64),
    /// 打.
    Dozen,
}

struct Step {
    what: What,
    end: usize,
}

/// The value of a character that is a digit.
pub(super) const fn digit(c: char) -> Option<u8> {
    Some(match c {
        '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

const fn unit(c: char) -> Option<What> {
    Some(match c {
        '十' => What::Small(10.0),
        '百' => What::Small(100.0),
        '千' => What::Small(1_000.0),
        '万' => What::Big(1e4),
        '亿' => What::Big(1e8),
        '兆' => What::Big(1e12),
        '廿' => What::Tens(20.0),
        '卅' => What::Tens(30.0),
        _ => return None,
    })
}

fn step(text: &Text, at: usize, sum: &Sum) -> Option<Step> {
    let c = text.at(at);
    let one = |what| Some(Step { what, end: at + 1 });
    if let Some(value) = digit(c) {
        return one(if value == 0 { What::Zero } else { What::Digit(value) });
    }
    if let Some(what) = unit(c) {
        return one(what);
    }
    match c {
        '0'..='9' | '.' => figures(text, at),
        'k' if sum.ends_in_figures() && !text.at(at + 1).is_ascii_alphanumeric() => one(What::Small(1_000.0)),
        // 九百打进卡里 pays, and does not count eggs.
        '打' if sum.is_whole() && !"进到给过入在款钱卡电".contains(text.at(at + 1)) => one(What::Dozen),
        '几' if sum.has_unit && unit(text.at(text.over_spaces(at + 1))).is_some() => one(What::Some),
        '多' | '余' | '来' if sum.may_be_more() && unit(text.at(text.over_spaces(at + 1))).is_some() => {
            one(What::More)
        }
        '点' => decimals(text, at),
        _ => None,
    }
}

/// More digits are no number that anyone means, and all of a long row would be read again at each of its places.
const MOST_DIGITS: usize = 30;

/// Larger numbers are none that anyone means, and floating point does not keep them.
const MOST: f64 = 1e16;

/// Figures with commas between thousands and a decimal point: 1,050,000, .5, 36.57.
fn figures(text: &Text, at: usize) -> Option<Step> {
    let run = |from: usize| (from..from + MOST_DIGITS).take_while(|&n| text.at(n).is_ascii_digit()).count();
    let mut end = at + run(at);
    let before = end - at;
    // A wide comma parts wide figures only; between others it ends a clause.
    let parts = |comma: usize| text.written(comma) == ',' || !text.written(comma - 1).is_ascii();
    while before > 0 && end - at < MOST_DIGITS && text.at(end) == ',' && parts(end) && run(end + 1) == 3 {
        end += 4;
    }
    let mut written: String = (at..end).map(|n| text.at(n)).filter(char::is_ascii_digit).collect();
    let whole = written.len();
    if text.at(end) == '.' && run(end + 1) > 0 {
        let decimals = run(end + 1);
        written.push('.');
        written.extend((end + 1..=end + decimals).map(|n| text.at(n)));
        end += 1 + decimals;
    }
    if whole == 0 && written.len() < 2 {
        return None;
    }
    let value = written.parse().ok()?;
    Some(Step { what: What::Figures(value, whole), end })
}

/// 点 and the digits behind it, unless these say a time: 八点三十, 三点五分.
fn decimals(text: &Text, at: usize) -> Option<Step> {
    let mut place = text.over_spaces(at + 1);
    let mut written = String::from("0.");
    let mut end = place;
    while let Some(value) = digit(text.at(place)).or_else(|| text.at(place).to_digit(10).map(|value| value as u8)) {
        // 两 counts things; it is no digit behind a point.
        if text.at(place) == '两' {
            break;
        }
        written.push(char::from(b'0' + value));
        end = place + 1;
        place = text.over_spaces(end);
    }
    let is_time = matches!(text.at(end), '十' | '分' | '刻' | '秒' | '时') && text.word(end, "分之").is_none();
    (written.len() > 2 && !is_time).then(|| written.parse().ok())?.map(|value| Step { what: What::Decimal(value), end })
}

/// A number as far as it is read.
#[derive(Clone, Debug, Default)]
struct Sum {
    /// What is closed by a big unit.
    total: f64,
    /// What is closed by a small one, under the next big one.
    section: f64,
    /// What no unit has closed yet.
    open: Option<f64>,
    /// The upper end of what is open, and of the sum: 三五百, 十五六.
    open_most: Option<f64>,
    spread: f64,
    /// The smallest unit of the section, and of the whole.
    smallest: Option<f64>,
    smallest_big: Option<f64>,
    /// The unit directly before what is open.
    last_unit: Option<f64>,
    has_unit: bool,
    has_figures: Option<usize>,
    has_decimals: bool,
    dozens: bool,
    /// Digits read one by one, where there is no unit yet.
    digits: String,
    ends_open: bool,
}

impl Sum {
    fn ends_in_figures(&self) -> bool {
        self.has_figures.is_some() && self.ends_open
    }

    /// Whether 多 may stand behind it: 十多万, 500余万.
    fn may_be_more(&self) -> bool {
        self.has_unit || self.ends_in_figures()
    }

    /// Whether it could end here as a whole number.
    fn is_whole(&self) -> bool {
        !self.has_decimals && (self.has_unit || self.open.is_some() || !self.digits.is_empty())
    }

    /// Whether what stands behind a space is still of this number: a unit, or a digit behind one.
    fn goes_on(&self, text: &Text, at: usize) -> bool {
        let c = text.at(at);
        let figures_after_figures = c.is_ascii_digit() && self.ends_in_figures();
        (unit(c).is_some()
            || matches!(c, '点' | '几' | '余' | '多')
            || digit(c).is_some()
            || c.is_ascii_digit() && self.has_unit)
            && !figures_after_figures
            && (self.has_unit || unit(c).is_some() || c == '点' || !self.digits.is_empty())
    }

    /// With one more step; `None` where the number ends before it.
    fn take(mut self, what: What) -> Option<Self> {
        let is_over = self.dozens || self.has_decimals && !matches!(what, What::Big(_) | What::Small(_));
        if is_over {
            return None;
        }
        match what {
            What::Digit(value) => self.digit(value)?,
            What::Zero => self.zero()?,
            What::Figures(value, whole) => self.figures(value, whole)?,
            What::Small(unit) => self.small(unit)?,
            What::Big(unit) => self.big(unit)?,
            What::Tens(tens) => self.tens(tens)?,
            What::Some => self.last_unit = None,
            What::More => {}
            What::Decimal(part) => self.decimal(part)?,
            What::Dozen => self.dozens = true,
        }
        self.ends_open = matches!(what, What::Digit(_) | What::Figures(..));
        Some(self)
    }

    fn digit(&mut self, value: u8) -> Option<()> {
        let value = f64::from(value);
        if !self.has_unit {
            if self.has_figures.is_some() || self.digits.len() == MOST_DIGITS {
                return None;
            }
            self.digits.push(char::from(b'0' + value as u8));
            self.open_most = self.open.filter(|_| self.digits.len() == 2).map(|_| value);
            self.open = if self.digits.len() == 2 { self.open } else { Some(value) };
            return Some(());
        }
        match self.open {
            Some(open) if self.ends_open && self.open_most.is_none() && value > open => self.open_most = Some(value),
            Some(_) => return None,
            None => self.open = Some(value),
        }
        Some(())
    }

    fn zero(&mut self) -> Option<()> {
        if self.has_unit {
            if self.open.is_some() {
                return None;
            }
            self.last_unit = None;
            return Some(());
        }
        if self.has_figures.is_some() || self.digits.len() == MOST_DIGITS {
            return None;
        }
        self.digits.push('0');
        self.open_most = None;
        Some(())
    }

    fn figures(&mut self, value: f64, whole: usize) -> Option<()> {
        if self.open.is_some() || !self.digits.is_empty() {
            return None;
        }
        self.open = Some(value);
        self.has_figures = Some(whole);
        Some(())
    }

    /// The open part, which a unit closes; digits read one by one close no unit but as one or as two that are apart.
    fn closing(&mut self) -> Option<(f64, f64)> {
        if !self.has_unit && (self.digits.len() > 2 || self.digits.len() == 2 && self.open_most.is_none()) {
            return None;
        }
        let open = self.open.take();
        let most = self.open_most.take();
        if let (Some(open), Some(most)) = (open, most)
            && most <= open
        {
            return None;
        }
        self.has_unit = true;
        self.digits.clear();
        Some((open.unwrap_or(1.0), most.map_or(0.0, |most| most - open.unwrap_or(1.0))))
    }

    fn small(&mut self, unit: f64) -> Option<()> {
        if self.open.is_none() && (unit > 10.0 || self.last_unit == Some(10.0)) && !self.digits.is_empty() {
            return None;
        }
        if self.smallest.is_some_and(|smallest| unit >= smallest) || self.open.is_none() && unit > 10.0 {
            return None;
        }
        let (open, spread) = self.closing()?;
        self.section += open * unit;
        self.spread += spread * unit;
        (self.smallest, self.last_unit) = (Some(unit), Some(unit));
        Some(())
    }

    fn tens(&mut self, tens: f64) -> Option<()> {
        if self.open.is_some() || !self.digits.is_empty() || self.smallest.is_some_and(|smallest| smallest <= 10.0) {
            return None;
        }
        self.section += tens;
        self.has_unit = true;
        (self.smallest, self.last_unit) = (Some(10.0), None);
        Some(())
    }

    fn big(&mut self, unit: f64) -> Option<()> {
        let is_empty = self.open.is_none() && self.section == 0.0;
        if is_empty && self.total == 0.0 {
            return None;
        }
        let raises = self.smallest_big.is_some_and(|smallest| unit >= smallest);
        let (open, spread) = if self.open.is_some() { self.closing()? } else { (0.0, 0.0) };
        self.section += open;
        self.spread += spread;
        if raises || is_empty {
            self.total = (self.total + self.section) * unit;
            self.spread *= unit;
        } else {
            self.total += self.section * unit;
            self.spread *= unit;
        }
        if self.total > MOST {
            return None;
        }
        (self.section, self.smallest, self.has_unit) = (0.0, None, true);
        (self.smallest_big, self.last_unit) = (Some(unit), Some(unit));
        Some(())
    }

    fn decimal(&mut self, part: f64) -> Option<()> {
        if self.open_most.is_some() || !(self.has_unit || self.open.is_some() || !self.digits.is_empty()) {
            return None;
        }
        let digits = self.read_digits();
        let open = digits.or(self.tail()).unwrap_or(0.0);
        self.digits.clear();
        self.open = Some(open + part);
        if self.has_unit {
            // What stands before the point belongs to it: 二十点一万.
            self.open = Some(self.total + self.section + open + part);
            (self.total, self.section, self.smallest, self.smallest_big) = (0.0, 0.0, None, None);
        }
        (self.last_unit, self.has_decimals) = (None, true);
        Some(())
    }

    /// Digits read one by one as the number they write.
    fn read_digits(&self) -> Option<f64> {
        if self.has_unit || self.digits.is_empty() { None } else { self.digits.parse().ok() }
    }

    /// What is open at the end: tenths of the unit directly before, from a hundred on (三千五 is 3500, 十五 15).
    fn tail(&self) -> Option<f64> {
        let scale =
            self.last_unit.filter(|&unit| unit >= 100.0 && self.has_figures.is_none()).map_or(1.0, |unit| unit / 10.0);
        self.open.map(|open| open * scale)
    }

    fn finish(mut self, at: usize, end: usize) -> Option<Number> {
        if end == at {
            return None;
        }
        let (mut value, mut most) = (self.total + self.section, None);
        let form = self.form();
        if let Some(digits) = self.read_digits() {
            let together =
                self.open_most.filter(|&most| most == self.open.unwrap_or(most) + 1.0 && self.digits.len() == 2);
            value = digits;
            if let (Some(upper), Some(lower)) = (together, self.open) {
                (value, most) = (lower, Some(upper));
            }
        } else {
            let scale = if self.open_most.is_some() { self.tail_scale() } else { 1.0 };
            value += self.tail().unwrap_or(0.0);
            self.spread += self.open_most.zip(self.open).map_or(0.0, |(most, open)| (most - open) * scale);
            most = (self.spread > 0.0).then_some(value + self.spread);
        }
        let times = if self.dozens { 12.0 } else { 1.0 };
        (value <= MOST).then_some(Number { end, value: value * times, most: most.map(|most| most * times), form })
    }

    fn tail_scale(&self) -> f64 {
        self.last_unit.filter(|&unit| unit >= 100.0).map_or(1.0, |unit| unit / 10.0)
    }

    fn form(&self) -> Form {
        match self.has_figures {
            _ if self.has_decimals => Form::Other,
            Some(whole) if !self.has_unit => Form::Figures(whole),
            None if !self.has_unit => Form::Digits(self.digits.len()),
            _ => Form::Counted,
        }
    }
}
