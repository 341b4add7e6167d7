//! Reads just enough Rust to see which paths a file names, how long it is, and how long its functions are.
//!
//! Comments, strings and `#[cfg(test)]` items do not count. `super` and `self` are resolved from the file's place.

/// One word or sign of the source, with its line (from 1).
#[derive(Debug, Clone, PartialEq)]
struct Token {
    text: String,
    line: usize,
}

/// A path as the file names it. Paths inside this crate start with `crate`, others with the crate or type they name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamedPath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    /// Under which name a `pub use` of any visibility passes it on.
    pub(crate) exported_as: Option<String>,
}

impl NamedPath {
    pub(crate) fn text(&self) -> String {
        self.segments.join("::")
    }
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// From `fn` to the closing brace.
    pub(crate) lines: usize,
}

/// What one file says.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) paths: Vec<NamedPath>,
    pub(crate) functions: Vec<Function>,
    /// Lines of the file without its `#[cfg(test)]` items.
    pub(crate) lines_without_tests: usize,
}

/// Reads a file's text; `module` is its place in the crate, such as `["api", "retry"]`.
pub(crate) fn read(text: &str, module: &[&str]) -> Source {
    let (tokens, test_lines) = without_tests(&tokens(text));
    let module: Vec<String> = module.iter().map(|&name| name.to_owned()).collect();
    Source {
        paths: paths(&tokens, &module),
        functions: functions(&tokens),
        lines_without_tests: text.lines().count() - test_lines,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let (mut found, mut line, mut i) = (Vec::new(), 1, 0);
    while i < chars.len() {
        let start = i;
        match chars[i] {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && chars[i] != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => i = end_of_comment(&chars, i),
            '"' => i = end_of_string(&chars, i),
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => {
                i += if at(i + 1) == '\\' { 3 } else { 2 };
                while i < chars.len() && chars[i] != '\'' {
                    i += 1;
                }
                i += 1;
            }
            c if is_word(c) => {
                while is_word(at(i)) {
                    i += 1;
                }
                let word: String = chars[start..i].iter().collect();
                if matches!(word.as_str(), "r" | "br" | "cr") && (at(i) == '"' || at(i) == '#' && !is_word(at(i + 1))) {
                    i = end_of_raw_string(&chars, i);
                } else {
                    found.push(Token { text: word, line });
                }
            }
            ':' if at(i + 1) == ':' => {
                found.push(Token { text: "::".to_owned(), line });
                i += 2;
            }
            c => {
                if !c.is_whitespace() {
                    found.push(Token { text: c.to_string(), line });
                }
                i += 1;
            }
        }
        line += chars[start..i.min(chars.len())].iter().filter(|&&c| c == '\n').count();
    }
    found
}

fn end_of_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

fn end_of_string(chars: &[char], start: usize) -> usize {
    let mut i = start + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

/// `start` is at the first `#` or `"` after the `r`.
fn end_of_raw_string(chars: &[char], start: usize) -> usize {
    let hashes = chars[start..].iter().take_while(|&&c| c == '#').count();
    let mut i = start + hashes + 1;
    while i < chars.len() {
        if chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}

/// Takes out every item under `#[cfg(test)]`; says how many lines they were.
fn without_tests(tokens: &[Token]) -> (Vec<Token>, usize) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut lines, mut i) = (Vec::new(), 0, 0);
    while i < tokens.len() {
        let is_mark = MARK.iter().enumerate().all(|(k, mark)| tokens.get(i + k).is_some_and(|t| t.text == *mark));
        if is_mark {
            let end = end_of_item(tokens, i + MARK.len());
            lines += tokens[end.min(tokens.len() - 1)].line + 1 - tokens[i].line;
            i = end + 1;
        } else {
            kept.push(tokens[i].clone());
            i += 1;
        }
    }
    (kept, lines)
}

/// The place of the `;` or of the closing brace that ends the item which starts at `start`.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let (mut braces, mut others, mut i) = (0_i32, 0_i32, start);
    while i < tokens.len() {
        match tokens[i].text.as_str() {
            "{" => braces += 1,
            "}" => {
                braces -= 1;
                if braces == 0 && others == 0 {
                    break;
                }
            }
            "(" | "[" => others += 1,
            ")" | "]" => others -= 1,
            ";" if braces == 0 && others == 0 => break,
            _ => {}
        }
        i += 1;
    }
    i
}

fn paths(tokens: &[Token], module: &[String]) -> Vec<NamedPath> {
    let mut found = Vec::new();
    // For every open brace: whether it belongs to an inline module, so that `super` is counted right.
    let (mut here, mut braces, mut i) = (module.to_vec(), Vec::new(), 0);
    while i < tokens.len() {
        let before = |n: usize| i.checked_sub(n).map_or("", |k| tokens[k].text.as_str());
        match tokens[i].text.as_str() {
            "{" => {
                let opens_module = before(2) == "mod";
                if opens_module {
                    here.push(before(1).to_owned());
                }
                braces.push(opens_module);
                i += 1;
            }
            "}" => {
                if braces.pop() == Some(true) {
                    here.pop();
                }
                i += 1;
            }
            // `use<'a>` in a return type is no import.
            "use" if tokens.get(i + 1).is_some_and(|t| t.text != "<") => {
                let (start, is_passed_on) = (found.len(), matches!(before(1), "pub" | ")"));
                i = use_tree(tokens, i + 1, &[], &here, &mut found);
                if !is_passed_on {
                    found[start..].iter_mut().for_each(|path| path.exported_as = None);
                }
            }
            word if is_first_segment(word, before(1), before(2)) => i = inline_path(tokens, i, &here, &mut found),
            _ => i += 1,
        }
    }
    found
}

fn is_first_segment(word: &str, before: &str, before_that: &str) -> bool {
    let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let goes_on = before == "." || before == "::" && (before_that == ">" || before_that.starts_with(is_word));
    is_name && !goes_on
}

/// Reads a path written in code. A single word is no path.
fn inline_path(tokens: &[Token], start: usize, here: &[String], found: &mut Vec<NamedPath>) -> usize {
    let (mut segments, mut i) = (vec![tokens[start].text.clone()], start + 1);
    while tokens.get(i).is_some_and(|t| t.text == "::")
        && tokens.get(i + 1).is_some_and(|t| t.text.starts_with(is_word))
    {
        segments.push(tokens[i + 1].text.clone());
        i += 2;
    }
    if segments.len() > 1 {
        found.push(NamedPath { segments: resolved(&segments, here), line: tokens[start].line, exported_as: None });
    }
    i
}

/// Reads one tree of a `use` up to its `;`, `,` or `}`; every leaf is one path. Returns the position of that sign.
fn use_tree(tokens: &[Token], start: usize, prefix: &[String], here: &[String], found: &mut Vec<NamedPath>) -> usize {
    let (mut segments, mut i, mut alias) = (prefix.to_vec(), start, None);
    while i < tokens.len() {
        match tokens[i].text.as_str() {
            "{" => {
                i += 1;
                while i < tokens.len() && tokens[i].text != "}" {
                    i = use_tree(tokens, i, &segments, here, found);
                    if tokens.get(i).is_some_and(|t| t.text == ",") {
                        i += 1;
                    }
                }
                return i + 1;
            }
            ";" | "," | "}" => break,
            "as" => {
                alias = tokens.get(i + 1).map(|t| t.text.clone());
                i += 2;
            }
            "::" => i += 1,
            "self" if !segments.is_empty() => i += 1,
            word => {
                segments.push(word.to_owned());
                i += 1;
            }
        }
    }
    let exported_as = alias.or_else(|| segments.last().cloned());
    found.push(NamedPath { segments: resolved(&segments, here), line: tokens[start].line, exported_as });
    i
}

fn resolved(segments: &[String], here: &[String]) -> Vec<String> {
    let first = segments.first().map_or("", String::as_str);
    if !matches!(first, "self" | "super") {
        return segments.to_vec();
    }
    let mut base = here.to_vec();
    let mut rest = segments;
    while let Some((word, more)) = rest.split_first() {
        match word.as_str() {
            "self" => {}
            "super" => {
                base.pop();
            }
            _ => break,
        }
        rest = more;
    }
    std::iter::once("crate".to_owned()).chain(base).chain(rest.iter().cloned()).collect()
}

fn functions(tokens: &[Token]) -> Vec<Function> {
    let mut found = Vec::new();
    for (i, pair) in tokens.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        if keyword.text != "fn" || !name.text.starts_with(is_word) {
            continue;
        }
        let end = end_of_item(tokens, i + 1);
        if let Some(last) = tokens.get(end).filter(|t| t.text == "}") {
            let lines = last.line + 1 - keyword.line;
            found.push(Function { name: name.text.clone(), line: keyword.line, lines });
        }
    }
    found
}
