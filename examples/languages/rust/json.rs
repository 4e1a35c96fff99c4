//! As much of JSON as programs are made of.
use std::fmt;

#[derive(Clone, PartialEq)]
pub enum Json { Null, Bool(bool), Int(i64), Text(String), List(Vec<Json>), Map(Vec<(String, Json)>) }
use Json::*;

/// Reads a line that is JSON.
pub fn parse(line: &str) -> Json {
    Reader { rest: line }.value()
}

struct Reader<'t> { rest: &'t str }

impl Reader<'_> {
    /// Whether the character comes next, which is then read.
    fn take(&mut self, c: char) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What comes before the first of some characters.
    fn until(&mut self, ends: &[char]) -> &str {
        let (word, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    /// The next value. Its texts are names, without escapes.
    fn value(&mut self) -> Json {
        if self.take('"') {
            let text = self.until(&['"']).to_string();
            self.take('"');
            return Text(text);
        }
        if self.take('[') {
            let mut list = vec![];
            while !self.take(']') {
                list.push(self.value());
                self.take(',');
            }
            return List(list);
        }
        if self.take('{') {
            let mut map = vec![];
            while !self.take('}') {
                let name = self.value().text().to_string();
                self.take(':');
                map.push((name, self.value()));
                self.take(',');
            }
            return Map(map);
        }
        match self.until(&[',', ']', '}']).trim() {
            "null" => Null,
            "true" => Bool(true),
            "false" => Bool(false),
            number => Int(number.parse().unwrap()),
        }
    }
}

impl Json {
    pub fn int(&self) -> i64 { if let Int(n) = self { *n } else { panic!("{self} is no integer") } }
    pub fn text(&self) -> &str { if let Text(t) = self { t } else { panic!("{self} is no text") } }
    pub fn list(&self) -> &[Json] { if let List(l) = self { l } else { panic!("{self} is no list") } }
    pub fn texts(&self) -> Vec<String> { self.list().iter().map(|t| t.text().to_string()).collect() }
    pub fn truth(&self) -> bool { !matches!(self, Null | Bool(false) | Int(0)) }
    pub fn get(&self, name: &str) -> &Json {
        if let Map(m) = self { m.iter().find(|(n, _)| n == name).map_or(&Null, |(_, v)| v) } else { panic!("{self} is no object") }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self { Null => write!(f, "null"), Bool(b) => write!(f, "{b}"), Int(n) => write!(f, "{n}"), Text(t) => write!(f, "{t:?}"), _ => write!(f, "…") }
    }
}
